import { expect } from "chai";
import { defaultStorageClass, playVolumes, volumeFor } from "../../../sandbox/player/volumes";
import { object, worldOf } from "./world-of";

const pending = {
  spec: { resources: { requests: { storage: "5Gi" } } },
  status: { phase: "Pending" },
};

describe("played volumes", () => {
  it("begin with the sandbox's own default class, once", () => {
    expect(playVolumes(worldOf())).to.deep.equal([{ do: "create", object: defaultStorageClass }]);
    expect(playVolumes(worldOf(defaultStorageClass))).to.deep.equal([]);
  });

  it("are made for a claim and bound to it in advance", () => {
    const claim = object("PersistentVolumeClaim", "data/db", pending);
    const [action] = playVolumes(worldOf(defaultStorageClass, claim));
    expect(action).to.deep.equal({ do: "create", object: volumeFor(claim, "5Gi") });
    expect(volumeFor(claim, "5Gi").spec).to.deep.include({ capacity: { storage: "5Gi" } });
    expect(volumeFor(claim, "5Gi").spec["claimRef"]).to.include({
      namespace: "data",
      name: "db",
      uid: "uid-of-data/db",
    });
  });

  it("keep the class a claim asks for, though no such class exists", () => {
    const spec = { ...pending.spec, storageClassName: "fast-ssd" };
    const claim = object("PersistentVolumeClaim", "data/db", { ...pending, spec });
    expect(volumeFor(claim, "5Gi").spec["storageClassName"]).to.equal("fast-ssd");
    expect(playVolumes(worldOf(defaultStorageClass, claim))).to.have.length(1);
  });

  it("take their reclaim policy from a class that exists", () => {
    const claim = object("PersistentVolumeClaim", "data/db", pending);
    const keeping = { ...defaultStorageClass, reclaimPolicy: "Retain" };
    expect(volumeFor(claim, "5Gi", keeping).spec.persistentVolumeReclaimPolicy).to.equal("Retain");
  });

  it("are not made for a claim that wants a volume made by hand", () => {
    const byHand = (spec: object) =>
      playVolumes(
        worldOf(
          defaultStorageClass,
          object("PersistentVolumeClaim", "data/db", {
            ...pending,
            spec: { ...pending.spec, ...spec },
          }),
        ),
      );
    expect(byHand({ storageClassName: "" })).to.deep.equal([]);
    expect(byHand({ volumeName: "mine" })).to.deep.equal([]);
  });

  it("grow with their claim: the volume first, then what the claim reports", () => {
    const bound = {
      spec: { ...pending.spec, volumeName: "pvc-uid-of-data/db" },
      status: { phase: "Bound", capacity: { storage: "1Gi" } },
    };
    const claim = object("PersistentVolumeClaim", "data/db", bound);
    const small = { ...volumeFor(claim, "1Gi") };
    const capacity = { storage: "5Gi" };
    expect(playVolumes(worldOf(defaultStorageClass, claim, small))).to.deep.equal([
      { do: "merge", object: small, fields: { spec: { capacity } } },
    ]);
    const grown = volumeFor(claim, "5Gi");
    expect(playVolumes(worldOf(defaultStorageClass, claim, grown))).to.deep.equal([
      { do: "mergeStatus", object: claim, fields: { capacity } },
    ]);
  });

  it("go when their claim has gone, unless they are to be kept", () => {
    const claim = object("PersistentVolumeClaim", "data/db", pending);
    const released = { ...volumeFor(claim, "5Gi"), status: { phase: "Released" } };
    expect(playVolumes(worldOf(defaultStorageClass, released))).to.deep.equal([
      { do: "delete", object: released },
    ]);
    const kept = {
      ...released,
      spec: { ...released.spec, persistentVolumeReclaimPolicy: "Retain" },
    };
    expect(playVolumes(worldOf(defaultStorageClass, kept))).to.deep.equal([]);
  });

  it("leave the volumes of others alone", () => {
    const claim = object("PersistentVolumeClaim", "data/db", pending);
    const volume = volumeFor(claim, "5Gi");
    const foreign = {
      ...volume,
      metadata: { ...volume.metadata, annotations: {} },
      status: { phase: "Released" },
    };
    expect(playVolumes(worldOf(defaultStorageClass, foreign))).to.deep.equal([]);
  });
});
