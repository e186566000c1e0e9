import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Adoption, adoptionProblem, ownerLabel, ownerValue } from "../../components/kit/adoption";
import { retainedProvider } from "../../components/kit/cluster";
import type { LiveObject, ObjectKey } from "../../components/kit/live-objects";
import { retained } from "../../components/kit/retention";
import { deploy, type Recorded } from "../support/mocks";

const cluster = { context: "production", identity: "0c0e6b1e-6d4b-4b0e-9f6e-2b7a1f0c9d55" };
const database = { apiVersion: "v1", kind: "Namespace", name: "postgres" };

function live(labels: Readonly<Record<string, string>>): LiveObject {
  return { labels, data: {} };
}

/** Declares a kept and an ordinary namespace on a cluster that holds these objects, by name. */
async function declare(
  there: Readonly<Record<string, LiveObject>> = {},
): Promise<{ recorded: Recorded; asked: readonly ObjectKey[] }> {
  const asked: ObjectKey[] = [];
  const recorded = await deploy(
    () => {
      const adoption = new Adoption({
        owner: "production",
        provider: retainedProvider("cluster-retained", cluster),
        read: (object) => {
          asked.push(object);
          return Promise.resolve(there[object.name]);
        },
      });
      const room = new pulumi.ComponentResource(
        "slipway:test:Room",
        "room",
        {},
        { transformations: [adoption.ofResource] },
      );
      const kept = { parent: room, ...retained("keep") };
      new kubernetes.core.v1.Namespace("kept", { metadata: { name: "postgres" } }, kept);
      new kubernetes.core.v1.Namespace("gone", { metadata: { name: "web" } }, { parent: room });
    },
    { hooks: true },
  );
  return { recorded, asked };
}

describe("an object that is kept", () => {
  it("carries its stack's name, and is managed under one name for all its lives", async () => {
    const { recorded } = await declare();
    expect(recorded.find("Namespace", "kept").inputs.metadata).to.deep.equal({
      name: "postgres",
      labels: { [ownerLabel]: "production" },
      annotations: { "pulumi.com/patchFieldManager": "slipway" },
    });
  });

  it("goes through the provider that updates what is there, and no other object does", async () => {
    const { recorded } = await declare();
    const provider = recorded.find("pulumi:providers:kubernetes", "cluster-retained");
    expect(provider.inputs).to.include({
      upsertExistingObjects: "true",
      context: cluster.context,
      clusterIdentifier: cluster.identity,
    });
    expect(recorded.find("Namespace", "kept").provider).to.equal("cluster-retained");
    expect(recorded.find("Namespace", "gone").provider).to.equal("");
  });

  it("is looked for when it is created, and no other object is", async () => {
    const { asked } = await declare();
    expect(asked).to.deep.equal([{ ...database, namespace: undefined }]);
  });

  it("is adopted when it is there with the stack's label", async () => {
    const { recorded } = await declare({ postgres: live({ [ownerLabel]: "production" }) });
    expect(recorded.all("Namespace")).to.have.length(2);
  });

  it("fails the run when it is there without the label", async () => {
    const error: unknown = await declare({ postgres: live({}) }).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("The Namespace postgres already exists");
  });
});

describe("an object that is there already", () => {
  it("is no problem when it is the stack's own, or is not there", () => {
    expect(adoptionProblem(database, undefined, "production")).to.equal(undefined);
    const own = live({ [ownerLabel]: "production" });
    expect(adoptionProblem(database, own, "production")).to.equal(undefined);
  });

  it("is left alone without a label, with the command that hands it over", () => {
    const key = { apiVersion: "v1", kind: "Secret", namespace: "nats", name: "nats-admin" };
    expect(adoptionProblem(key, live({}), "production"))
      .to.contain("The Secret nats/nats-admin already exists, and is not one that Slipway kept")
      .and.to.contain(
        "kubectl label --overwrite secret nats-admin --namespace nats slipway.dev/stack=production",
      );
  });

  it("is left alone when it belongs to another stack, which is named", () => {
    const other = live({ [ownerLabel]: "production-eu" });
    expect(adoptionProblem(database, other, "production")).to.contain(
      "belongs to the stack production-eu",
    );
  });

  it("is known by a label that any stack's name fits into", () => {
    expect(ownerValue("production")).to.equal("production");
    expect(ownerValue(`${"a".repeat(62)}.bc`)).to.equal("a".repeat(62));
  });
});
