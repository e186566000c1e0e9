import { expect } from "chai";
import { immutableFields } from "../../components/kit/immutable-fields";
import { Platform } from "../../components/platform";
import { storageClass } from "../../components/platform/storage-classes";
import { platformSettings } from "../../components/settings/platform";
import { deploy, type Recorded } from "../support/mocks";
import { environment, platformOf } from "../support/rooms";

const ssd = { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } };

describe("the StorageClasses of a stack", () => {
  const classesOf = (classes: object, retention: "keep" | "delete" = "keep"): Promise<Recorded> =>
    deploy(() => {
      const settings = platformOf({
        storageClasses: classes,
        kubePrometheusStack: { replicas: 1, storage: { size: "5Gi" } },
      });
      new Platform("platform", { settings, environment, retention });
    });
  const problemsOf = (classes: object): readonly string[] =>
    (platformSettings.shape.storageClasses.safeParse(classes).error?.issues ?? []).map(
      ({ message }) => message,
    );

  it("are none when the stack does not say", async () => {
    expect((await classesOf({})).all("StorageClass")).to.deep.equal([]);
  });

  it("keep a deleted claim's volume, wait for its pod, and can grow", () => {
    const [name, settings] = Object.entries(
      platformOf({ storageClasses: { "fast-ssd": ssd } }).storageClasses,
    )[0] ?? ["", "installed"];
    expect(settings !== "installed" && storageClass(name, settings)).to.deep.equal({
      metadata: { name: "fast-ssd" },
      ...ssd,
      reclaimPolicy: "Retain",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    });
  });

  it("are made but for those that the cluster has", async () => {
    const recorded = await classesOf({
      "fast-ssd": { ...ssd, default: true },
      standard: "installed",
    });
    const made = recorded.all("StorageClass").map(({ inputs }) => inputs.metadata);
    expect(made).to.deep.equal([
      {
        name: "fast-ssd",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
    ]);
  });

  it("are there before the volumes of monitoring", async () => {
    const recorded = await classesOf({ "fast-ssd": ssd });
    const { urn } = recorded.find("StorageClass", "fast-ssd");
    expect(recorded.find("KubePrometheusStack", "platform-monitoring").dependencies).to.include(
      urn,
    );
  });

  it("are kept with the data, and go without it", async () => {
    const kept = (await classesOf({ "fast-ssd": ssd })).find("StorageClass", "fast-ssd");
    const gone = (await classesOf({ "fast-ssd": ssd }, "delete")).find("StorageClass", "fast-ssd");
    expect([kept.protect, kept.retainOnDelete]).to.deep.equal([true, true]);
    expect([gone.protect, gone.retainOnDelete]).to.deep.equal([false, false]);
  });

  it("cannot become others: each field that Kubernetes fixes is guarded", () => {
    const fixed = immutableFields
      .filter(({ kinds }) => kinds?.includes("StorageClass"))
      .flatMap(({ paths }) => paths);
    expect(fixed).to.have.members([
      "provisioner",
      "parameters",
      "reclaimPolicy",
      "volumeBindingMode",
    ]);
  });

  it("are refused where two are the default, or a parameter is no text", () => {
    const both = { one: { ...ssd, default: true }, two: { ...ssd, default: true } };
    expect(problemsOf(both)).to.deep.equal(["a map in which at most one class has default: true"]);
    expect(problemsOf({ one: ssd, two: "installed" })).to.deep.equal([]);
    expect(problemsOf({ one: { ...ssd, parameters: { iops: 3000 } } })).to.have.lengthOf(1);
    expect(problemsOf({ one: { ...ssd, provisioner: "EBS" } })).to.have.lengthOf(1);
  });
});
