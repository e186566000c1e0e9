import fc from "fast-check";
import type { ApiRule } from "../../../components/apps/workload/access";
import type { InitContainer, Sidecar } from "../../../components/apps/workload/extra-containers";
import type { Ports } from "../../../components/apps/workload/ports";
import type { ProjectedSource, VolumeSource } from "../../../components/apps/workload/volumes";
import type { ContainerShape } from "../../../components/apps/workload/workload-args";
import type { CloudIdentity } from "../../../components/kit/cloud-identity";
import type { Toleration } from "../../../components/kit/placement";
import type { ProbeCheck, Probes, ProbeTiming, StartupProbe } from "../../../components/kit/probes";
import type { Priority } from "../../../components/platform/priority-classes";
import {
  dnsLabel,
  duration,
  envName,
  few,
  fileName,
  folder,
  resources,
  size,
  text,
  word,
} from "./values";

/** A public image. */
export const image = fc.constantFrom(
  "registry.example.com/acme/tool:1.2.3",
  "registry.example.com:5000/tool:2026-11-21_rc.1-",
  `registry.example.com/acme/tool@sha256:${"0a".repeat(32)}`,
  `registry.example.com/acme/tool:1.2.3@sha256:${"0a".repeat(32)}`,
);

/** A command, or its arguments. */
export const words = fc.array(text, { minLength: 1, maxLength: 3 });

/** Ports with names and numbers of their own, and their probes. */
export interface Listening {
  readonly ports: Ports;
  readonly probes: Probes;
}

interface NamedPort {
  readonly name: string;
  readonly number: number;
  readonly service: number | false | undefined;
}

function portsOf(
  name: fc.Arbitrary<string>,
  number: fc.Arbitrary<number>,
  service: fc.Arbitrary<NamedPort["service"]>,
): fc.Arbitrary<readonly NamedPort[]> {
  return fc
    .uniqueArray(fc.record({ name, number, service }), {
      selector: (port) => port.name,
      minLength: 1,
      maxLength: 3,
    })
    .map((ports) =>
      ports.filter(
        (port, index) => ports.findIndex((other) => other.number === port.number) === index,
      ),
    );
}

const servicePorts = portsOf(
  fc.oneof(
    fc.constantFrom("http", "grpc", "metrics"),
    fc.stringMatching(/^[a-z][a-z0-9]{0,4}(-[a-z0-9]{1,4}){0,2}$/),
  ),
  fc.oneof(fc.constantFrom(8080, 9090), fc.integer({ min: 1024, max: 65_535 })),
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(undefined, false as const) },
    { weight: 1, arbitrary: fc.constantFrom(80, 443) },
  ),
);

/** Most have names and numbers that no other container of the pod has. */
const sidecarPorts = portsOf(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant("http") },
    { weight: 30, arbitrary: fc.stringMatching(/^[a-z]{6,12}$/) },
  ),
  fc.integer({ min: 1024, max: 65_535 }),
  fc.constant(undefined),
);

/** A check before it is known which ports there are: they are named by a number. */
type OpenCheck = (ports: readonly NamedPort[], path: string) => ProbeCheck;

function nth(ports: readonly NamedPort[], index: number): string {
  return ports[index % ports.length]?.name ?? "";
}

const check: fc.Arbitrary<OpenCheck> = fc.oneof(
  fc
    .tuple(fc.oneof(fc.constant(""), text), fc.nat(2))
    .map(([below, port]): OpenCheck => (ports, path) => ({
      http: { path: path + below, port: nth(ports, port) },
    })),
  fc.nat(2).map((port): OpenCheck => (ports) => ({ tcp: { port: nth(ports, port) } })),
  fc
    .tuple(fc.option(text, { nil: undefined }), fc.nat(2))
    .map(([service, port]): OpenCheck => (ports) => ({
      grpc: { port: nth(ports, port), service },
    })),
  fc
    .array(text, { minLength: 1, maxLength: 3 })
    .map((command): OpenCheck => () => ({ exec: { command } })),
);

const timing: fc.Arbitrary<ProbeTiming> = fc.record(
  {
    period: duration(4, 60),
    timeout: duration(1, 3),
    failureThreshold: fc.integer({ min: 3, max: 10 }),
  },
  { requiredKeys: [] },
);

const startup = fc.record(
  { check: fc.option(check, { nil: undefined }), window: duration(1, 900) },
  { requiredKeys: [] },
);

/** These ports of a container, and the three questions about it. */
function listeningOn(ports: fc.Arbitrary<readonly NamedPort[]>): fc.Arbitrary<Listening> {
  return fc
    .record({
      ports,
      startup: fc.option(startup, { nil: undefined }),
      liveness: fc.tuple(check, timing),
      readiness: fc.tuple(check, timing),
    })
    .map((drawn) => ({
      ports: Object.fromEntries(
        drawn.ports.map(({ name, number, service }) => [
          name,
          service === undefined ? number : { number, service },
        ]),
      ),
      probes: {
        ...(drawn.startup === undefined ? {} : { startup: startupOf(drawn.startup, drawn.ports) }),
        liveness: { ...drawn.liveness[0](drawn.ports, "/live"), ...drawn.liveness[1] },
        readiness: { ...drawn.readiness[0](drawn.ports, "/ready"), ...drawn.readiness[1] },
      },
    }));
}

/** The ports of a service, and the three questions about it. */
export const listening = listeningOn(servicePorts);

function startupOf(
  drawn: { readonly check?: OpenCheck; readonly window?: StartupProbe["window"] },
  ports: readonly NamedPort[],
): StartupProbe {
  const { check: open, ...others } = drawn;
  return open === undefined ? others : { ...others, check: open(ports, "/started") };
}

const projectedKeys = fc.record(
  { name: word, files: few(word, fc.stringMatching(/^[a-z]{1,5}(\/[a-z]{1,5})?$/)) },
  { requiredKeys: ["name"] },
);

const projected: fc.Arbitrary<ProjectedSource> = fc.oneof(
  projectedKeys.map((secret) => ({ secret })),
  projectedKeys.map((configMap) => ({ configMap })),
  fc
    .record(
      {
        audience: fc.constantFrom("vault", "https://sts.example.com"),
        file: fc.constantFrom("token", "vault/token"),
        expiration: duration(600, 86_400),
      },
      { requiredKeys: ["audience", "file"] },
    )
    .map((token) => ({ token })),
);

const volume: fc.Arbitrary<VolumeSource> = fc.oneof(
  fc
    .record({ name: dnsLabel, readOnly: fc.boolean() }, { requiredKeys: ["name"] })
    .map((claim) => ({ claim })),
  fc
    .record({ size, memory: fc.boolean() }, { requiredKeys: ["size"] })
    .map((emptyDir) => ({ emptyDir })),
  fc.array(projected, { minLength: 1, maxLength: 2 }).map((sources) => ({ projected: sources })),
);

const initContainer: fc.Arbitrary<InitContainer<string>> = fc.record(
  { image, command: words, args: words, env: few(envName, text), resources },
  { requiredKeys: ["resources"] },
);

const sidecar: fc.Arbitrary<Sidecar<string>> = fc
  .tuple(
    fc.record(
      { image, command: words, args: words, env: few(envName, text), resources },
      { requiredKeys: ["resources", "image"] },
    ),
    listeningOn(sidecarPorts),
  )
  .map(([container, ports]) => ({ ...container, ...ports }));

const labelKey = fc.oneof(
  {
    weight: 50,
    arbitrary: fc.constantFrom("kubernetes.io/arch", "topology.kubernetes.io/zone", "pool"),
  },
  { weight: 1, arbitrary: text },
);

const toleration: fc.Arbitrary<Toleration> = fc.record(
  {
    key: labelKey,
    value: fc.oneof({ weight: 50, arbitrary: word }, { weight: 1, arbitrary: text }),
    effect: fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute"),
  },
  { requiredKeys: ["key"] },
);

const apiRule: fc.Arbitrary<ApiRule> = fc.oneof(
  fc.record(
    {
      apiGroup: fc.constantFrom("", "apps"),
      resources: fc.constantFrom(["configmaps"], ["deployments", "statefulsets"]),
      verbs: fc.constantFrom(["get", "list", "watch"] as const, ["create"] as const),
    },
    { requiredKeys: ["resources", "verbs"] },
  ),
  fc.record({
    resources: fc.constant(["configmaps"]),
    names: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
    verbs: fc.constantFrom(["get", "update", "patch"] as const, ["delete"] as const),
  }),
);

const cloudIdentity: fc.Arbitrary<CloudIdentity> = fc.constantFrom<CloudIdentity>(
  { aws: { roleArn: "arn:aws:iam::123456789012:role/orders" } },
  { aws: { podIdentity: true } },
  { gcp: { serviceAccount: "orders@acme.iam.gserviceaccount.com" } },
  { azure: { clientId: "9d2c7e86-1b6a-4d57-8a35-f2c4b9e07d13" } },
);

/** Everything that can be said of what runs in a pod. */
export const container: fc.Arbitrary<ContainerShape<string>> = fc.record(
  {
    command: words,
    args: words,
    resources,
    config: fc.record(
      {
        env: few(envName, text),
        files: fc.record({ mountPath: folder, contents: few(fileName, text) }),
      },
      { requiredKeys: [] },
    ),
    user: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    writable: few(folder, size),
    volumes: few(folder, volume),
    priorityClass: fc.constantFrom<Priority | { named: string }>("critical", "batch", {
      named: "system-node",
    }),
    nodeSelector: few(labelKey, word),
    tolerations: fc.array(toleration, { maxLength: 2 }),
    initContainers: few(
      dnsLabel.map((name) => `init-${name}`),
      initContainer,
    ),
    sidecars: few(
      dnsLabel.map((name) => `side-${name}`),
      sidecar,
    ),
    apiAccess: fc.array(apiRule, { minLength: 1, maxLength: 2 }),
    cloudIdentity,
  },
  { requiredKeys: ["resources"] },
);
