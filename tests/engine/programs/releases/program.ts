import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Applications, readRun, type ExportedState } from "../../../../components/apps";
import { application, service } from "../../../../components/apps/declaration";
import { resolveApplications } from "../../../../components/apps/resolve";
import { platform } from "../../../apps/fixtures";

const web = {
  ports: { http: 8080 },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: { typical: { cpu: "10m", memory: "16Mi" } },
  rollout: { minReady: "1s" },
} as const;

/** Its deadline is how long it is waited for where it fails, and long enough for a busy machine where it does not. */
const migration = { command: ["/migrate"], retries: 0, deadline: "10s" } as const;

/** An application of three services; variables stand for edits of the declarations of `a` and `c`. */
export async function program(state: Promise<ExportedState>): Promise<unknown> {
  const level = process.env.RELEASES_LEVEL ?? "info";
  const declaration = application({
    name: "team",
    team: "team",
    services: [
      service("a", { ...web, env: { LEVEL: level }, config: { env: { COLOUR: level } } }),
      service("b", web),
      service("c", process.env.RELEASES_MIGRATION === undefined ? web : { ...web, migration }),
    ],
  });
  const none = { env: {} };
  const { given, deployed, rollback } = await readRun(process.env, state);
  const applications = resolveApplications(
    [{ declaration, settings: { host: "team.test", services: { a: none, b: none, c: none } } }],
    {
      environment: "test",
      images: {
        registry: "registry.example.com/acme",
        pullSecrets: [],
        given,
      },
      deployed,
      rollback,
    },
  );
  const { images } = new Applications(
    "applications",
    {
      applications,
      platform,
      data: {
        connect: () => {
          throw new Error("No service of these tests uses the data room.");
        },
      },
      pullSecrets: [],
    },
    {
      providers: { kubernetes: new kubernetes.Provider("cluster") },
      transforms: [quickToFail, needsDatabase],
    },
  );
  return { images };
}

/** Images of the tag "broken" cannot be pulled, and a rollout that makes no progress is not waited for long. */
const quickToFail: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type !== "kubernetes:apps/v1:Deployment") {
    return undefined;
  }
  const { spec } = props as { spec: Deployment };
  const [{ image } = { image: "" }] = spec.template.spec.containers;
  const annotations = image.endsWith(":broken")
    ? { "sandbox.slipway.dev/fail": "ImagePullBackOff" }
    : {};
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
  return {
    props: { ...props, spec: { ...spec, progressDeadlineSeconds: 8, template } },
    opts: { ...opts, customTimeouts: { create: "60s", update: "25s" } },
  };
};

/** A Job finds no node while none has the label, so that it fails of what is no part of the program. */
const needsDatabase: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type !== "kubernetes:batch/v1:Job") {
    return undefined;
  }
  const { spec } = props as { spec: { template: { spec: object } } };
  const nodeSelector = { "test.slipway.dev/database": "up" };
  const template = { ...spec.template, spec: { ...spec.template.spec, nodeSelector } };
  return { props: { ...props, spec: { ...spec, template } }, opts };
};

interface Deployment {
  readonly template: {
    readonly metadata: object;
    readonly spec: { readonly containers: readonly { readonly image: string }[] };
  };
}
