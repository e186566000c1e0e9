import { expect } from "chai";
import { controllerMetrics } from "../components/platform/controller-monitors";
import { unknownKeys } from "./support/chart-facts";
import { renderCharts, type RenderedChart, type RenderedObject } from "./support/rendered-charts";
import { deployStack, stackNames, type DeployedStack, type StackConfig } from "./support/stacks";

const mirror = "mirror.example.com/all";

/** Charts in kube-prometheus-stack, whose keys its own values file does not list. */
const inner = ["grafana", "kube-state-metrics", "prometheus-node-exporter"];

/** The same stack with every image in a mirror. */
function mirrored(config: StackConfig): StackConfig {
  const images = (config["slipway:images"] ?? { registry: "registry.example.com/acme" }) as object;
  return { ...config, "slipway:images": { ...images, mirror, pullSecrets: ["mirror"] } };
}

/** Texts that look like an image: a registry, a path, and a tag or digest; or the field that holds one. */
const imageLike =
  /^(?:--?[\w-]+=)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[^\s:=]+(?::[\w.-]+|@sha256:)/;

/** Every text of a value that names an image, with its path. */
function imagesIn(value: unknown, path: string, key = ""): readonly string[] {
  if (typeof value === "string") {
    const isImage = key === "image" && value !== "";
    return isImage || imageLike.test(value) ? [`${path} ${value}`] : [];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([below, item]) => imagesIn(item, `${path}.${below}`, below))
    : [];
}

const noImages = ["ConfigMap", "Secret", "CustomResourceDefinition"];

for (const stack of stackNames) {
  describe(`the charts and objects of the stack ${stack}, from a mirror of images`, function () {
    this.timeout("2m");
    let deployed: DeployedStack;
    let charts: readonly RenderedChart[];

    before(async () => {
      deployed = await deployStack(stack, { preview: true, change: mirrored });
      charts = await renderCharts(deployed.recorded);
    });

    const objects = () => [
      ...deployed.recorded.resources
        .filter(({ type }) => type.startsWith("kubernetes:") && !type.includes("helm.sh"))
        .map(({ urn, inputs }) => ({ name: urn, object: inputs })),
      ...charts.flatMap(({ chart, objects: rendered }) =>
        rendered.map((object) => ({
          name: `${chart}: ${object.kind} ${object.metadata.name}`,
          object,
        })),
      ),
    ];

    it("pull no image past the mirror, nor tell an operator to", () => {
      const named = objects()
        .filter(({ object }) => !noImages.includes(String(object.kind)))
        .flatMap(({ name, object }) => imagesIn(object, name));
      expect(named).not.to.have.lengthOf(0);
      const outside = named.filter((found) => {
        const image = (found.split(" ").at(-1) ?? "").replace(/^--?[\w-]+=/, "");
        return !image.startsWith(`${mirror}/`) && !image.startsWith("registry.example.com/acme/");
      });
      expect(outside).to.deep.equal([]);
    });

    it("render no hook that nothing takes the place of: no hook is applied", () => {
      const hooks = charts.flatMap(({ chart, hooks: found }) =>
        found.map(({ kind, metadata }) => `${chart}: ${kind} ${metadata.name}`),
      );
      expect(hooks).to.deep.equal([]);
    });

    it("are given values under keys that they have", function () {
      if (process.env.SLIPWAY_CHARTS === undefined) {
        console.info("      SLIPWAY_CHARTS names no folder of real charts: not compared");
        this.skip();
      }
      const unknown = charts.flatMap(({ chart, values, ownValues }) =>
        unknownKeys(values, ownValues)
          .filter((key) => !inner.some((within) => key.startsWith(`${within}.`)))
          // What a probe may have is Kubernetes' own.
          .filter((key) => !/Probe\.(failureThreshold|timeoutSeconds)$/.test(key))
          .map((key) => `${chart}: ${key}`),
      );
      expect(unknown).to.deep.equal([]);
    });

    it("have each controller's metrics scraped at a port that its pods declare", () => {
      const monitors = deployed.recorded
        .all("PodMonitor")
        .map(({ inputs }) => inputs as unknown as PodMonitor)
        .filter(({ metadata }) => metadata.name in controllerMetrics);
      const workloads = charts.flatMap(({ objects: rendered }) => rendered.flatMap(podTemplate));
      const missed = monitors.filter(({ metadata, spec }) => {
        const { port } = controllerMetrics[metadata.name];
        const [{ port: asked } = { port: "" }] = spec.podMetricsEndpoints;
        const found = workloads.filter(({ labels }) =>
          Object.entries(spec.selector.matchLabels).every(([key, value]) => labels[key] === value),
        );
        return !found.some(({ ports }) =>
          ports.some(({ name, containerPort }) => name === asked && containerPort === port.number),
        );
      });
      expect(missed.map(({ metadata }) => metadata.name)).to.deep.equal([]);
    });

    it("hold the Secret that opens it in every pod", () => {
      const closed = objects().flatMap(({ name, object }) =>
        podSpecs(object).some(
          ({ imagePullSecrets = [] }) => !imagePullSecrets.some(({ name: it }) => it === "mirror"),
        )
          ? [name]
          : [],
      );
      expect(closed).to.deep.equal([]);
    });
  });
}

interface PodMonitor {
  readonly metadata: { readonly name: keyof typeof controllerMetrics };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly { readonly port: string }[];
  };
}

interface DeclaredPods {
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** The pods of a workload: their labels, and the ports of their containers. */
function podTemplate({ spec }: RenderedObject): readonly DeclaredPods[] {
  const { template } = (spec ?? {}) as {
    readonly template?: {
      readonly metadata?: { readonly labels?: DeclaredPods["labels"] };
      readonly spec?: { readonly containers?: readonly { ports?: DeclaredPods["ports"] }[] };
    };
  };
  const labels = template?.metadata?.labels;
  const containers = template?.spec?.containers ?? [];
  return labels === undefined
    ? []
    : [{ labels, ports: containers.flatMap(({ ports = [] }) => ports) }];
}

interface PodSpec {
  readonly containers: readonly unknown[];
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

/** The pods that an object makes. */
function podSpecs(value: unknown): readonly PodSpec[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const own = "containers" in value && Array.isArray(value.containers) ? [value as PodSpec] : [];
  return [...own, ...Object.values(value).flatMap(podSpecs)];
}
