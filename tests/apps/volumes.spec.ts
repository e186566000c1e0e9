import { expect } from "chai";
import { mountedVolumes, volumeProblems } from "../../components/apps/volumes";
import { at, deployWorkload } from "./fixtures";

describe("a workload's volumes", () => {
  it("can be a claim that is there already", () => {
    expect(
      mountedVolumes({ "/data": { claim: { name: "pictures", readOnly: true } } }),
    ).to.deep.equal([
      {
        volume: {
          name: "volume-data",
          persistentVolumeClaim: { claimName: "pictures", readOnly: true },
        },
        mount: { name: "volume-data", mountPath: "/data", readOnly: true },
      },
    ]);
  });

  it("can be an empty folder of a size, in memory on request", () => {
    expect(
      mountedVolumes({
        "/cache": { emptyDir: { size: "1Gi" } },
        "/dev/shm": { emptyDir: { size: "64Mi", memory: true } },
      }).map(({ volume }) => volume),
    ).to.deep.equal([
      { name: "volume-cache", emptyDir: { sizeLimit: "1Gi" } },
      { name: "volume-dev-shm", emptyDir: { sizeLimit: "64Mi", medium: "Memory" } },
    ]);
  });

  it("can show keys and a token in one folder, read-only", () => {
    const [mounted] = mountedVolumes({
      "/etc/all": {
        projected: [
          { secret: { name: "keys", files: { tls: "tls.crt" } } },
          { configMap: { name: "settings" } },
          { token: { audience: "vault", file: "token" } },
        ],
      },
    });
    expect(mounted?.mount.readOnly).to.equal(true);
    expect(mounted?.volume).to.have.deep.property("projected", {
      sources: [
        { secret: { name: "keys", items: [{ key: "tls", path: "tls.crt" }] } },
        { configMap: { name: "settings" } },
        { serviceAccountToken: { audience: "vault", path: "token", expirationSeconds: 3600 } },
      ],
    });
  });

  it("are in the container beside the folders it may write", async () => {
    const volumes = { "/data": { claim: { name: "pictures" } } };
    const { inputs } = (await deployWorkload({ volumes })).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.containers.0.volumeMounts")).to.deep.equal([
      { name: "scratch-tmp", mountPath: "/tmp" },
      { name: "volume-data", mountPath: "/data" },
    ]);
  });
});

describe("a workload's volumes are refused", () => {
  it("not when they are good", () => {
    expect(volumeProblems({ "/data": { claim: { name: "pictures" } } })).to.deep.equal([]);
  });

  for (const path of ["data", "/", "/data/", "/a:b"]) {
    it(`when their folder is "${path}"`, () => {
      expect(volumeProblems({ [path]: { claim: { name: "a" } } })[0]?.message).to.contain(
        `got "${path}"`,
      );
    });
  }

  it("when an empty folder has no size", () => {
    expect(volumeProblems({ "/a": { emptyDir: { size: "big" } } })[0]?.message).to.contain(
      'got "big"',
    );
  });

  it("when a token is good for less than the API server gives", () => {
    const token = { audience: "vault", file: "token", expiration: "5m" } as const;
    expect(volumeProblems({ "/a": { projected: [{ token }] } })[0]?.message).to.contain("600s");
  });
});
