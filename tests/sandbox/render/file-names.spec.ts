import { expect } from "chai";
import fc from "fast-check";
import { fileNames } from "../../../sandbox/render/file-names";

const deployment = { urn: "urn:1", kind: "Deployment", namespace: "shop", name: "orders" };

describe("names of rendered files", () => {
  it("puts an object into its namespace's folder, by kind and name", () => {
    expect(fileNames([deployment])).to.deep.equal(["shop/deployment-orders.yaml"]);
  });

  it("puts an object of the cluster into a folder that no namespace can have", () => {
    const role = { ...deployment, kind: "ClusterRole", namespace: null, name: "system:reader" };
    expect(fileNames([role])).to.deep.equal(["_cluster/clusterrole-system_reader.yaml"]);
  });

  it("tells apart objects that would share a file", () => {
    const files = fileNames([
      { ...deployment, urn: "urn:1", name: "a:b" },
      { ...deployment, urn: "urn:2", name: "A_b" },
    ]);
    expect(new Set(files).size).to.equal(2);
    expect(files[0]).to.match(/^shop\/deployment-a_b-[0-9a-f]{8}\.yaml$/);
  });

  it("keeps names within what file systems allow", () => {
    const [file = ""] = fileNames([{ ...deployment, name: "n".repeat(253) }]);
    expect(file.length).to.be.below(256);
  });

  it("never leaves the folder and never repeats a path, whatever the names", () => {
    const object = fc.record({
      urn: fc.uuid(),
      kind: fc.string(),
      namespace: fc.option(fc.string()),
      name: fc.string(),
    });
    fc.assert(
      fc.property(fc.uniqueArray(object, { selector: ({ urn }) => urn }), (objects) => {
        const files = fileNames(objects);
        expect(new Set(files).size).to.equal(files.length);
        for (const file of files) {
          expect(file).to.match(/^[a-z0-9_.-]*\/[a-z0-9_.-]+\.yaml$/);
          expect(file.split("/")).not.to.include("..");
        }
      }),
    );
  });
});
