import { expect } from "chai";
import { fullName, StackImages } from "../../components/kit/stack-images";
import { valueOf } from "../support/mocks";

const mirror = "mirror.example.com/all";
const digest = `sha256:${"a1".repeat(32)}`;

function pod(container: object): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "app" },
    spec: { containers: [{ name: "app", image: "quay.io/team/app:1", ...container }] },
  };
}

const images = (): StackImages =>
  new StackImages({ mirror, registry: "registry.example.com/acme", pullSecrets: ["mirror"] });

/** The container of a chart's pod, after the change. */
function changed(container: object, source = images()): Readonly<Record<string, unknown>> {
  const { spec } = source.ofChart(pod(container)) as {
    readonly spec: { readonly containers: readonly Readonly<Record<string, unknown>>[] };
  };
  return spec.containers[0] ?? {};
}

describe("an image's full name", () => {
  for (const [image, full] of [
    ["nats:2.14.2-alpine", "docker.io/library/nats:2.14.2-alpine"],
    ["natsio/nats-box:0.19.7", "docker.io/natsio/nats-box:0.19.7"],
    ["quay.io/minio/mc:1", "quay.io/minio/mc:1"],
    ["localhost/app:1", "localhost/app:1"],
    ["registry:5000/app", "registry:5000/app"],
  ] as const) {
    it(`of ${image} is ${full}`, () => {
      expect(fullName(image)).to.equal(full);
    });
  }
});

describe("a mirror of images", () => {
  it("serves each under its full name", () => {
    expect(changed({}).image).to.equal(`${mirror}/quay.io/team/app:1`);
    expect(changed({ image: `nats@${digest}` }).image).to.equal(
      `${mirror}/docker.io/library/nats@${digest}`,
    );
  });

  it("leaves alone what is in it, and the applications' own images", () => {
    for (const image of [`${mirror}/quay.io/team/app:1`, "registry.example.com/acme/shop/api:2"]) {
      expect(changed({ image }).image).to.equal(image);
    }
    // Another registry whose name begins alike.
    expect(changed({ image: "registry.example.com/acme2/api:2" }).image).to.equal(
      `${mirror}/registry.example.com/acme2/api:2`,
    );
  });

  it("serves what a chart's operator is told to run, in arguments and variables", () => {
    const told = changed({
      args: ["--reloader=quay.io/op/reloader:v1", "--log=info", "--url=https://quay.io/op/x:1"],
      env: [
        { name: "RELATED_IMAGE", value: `registry.example.org/postgres:17@${digest}` },
        { name: "ADDRESS", value: "nats.nats.svc:4222" },
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
      ],
    });
    expect(told.args).to.deep.equal([
      `--reloader=${mirror}/quay.io/op/reloader:v1`,
      "--log=info",
      "--url=https://quay.io/op/x:1",
    ]);
    expect(told.env).to.deep.equal([
      {
        name: "RELATED_IMAGE",
        value: `${mirror}/registry.example.org/postgres:17@${digest}`,
      },
      { name: "ADDRESS", value: "nats.nats.svc:4222" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
    ]);
  });

  it("is opened by its Secrets in each pod once, and in what an operator makes pods of", () => {
    const cluster = images().ofChart({
      apiVersion: "postgres-operator.crunchydata.com/v1beta1",
      kind: "PostgresCluster",
      spec: { postgresVersion: 17 },
    });
    expect(cluster.spec).to.deep.include({ imagePullSecrets: [{ name: "mirror" }] });
    const deployment = images().ofChart({
      kind: "Deployment",
      spec: {
        template: { spec: { containers: [], imagePullSecrets: [{ name: "mirror" }] } },
      },
    });
    expect(deployment.spec.template.spec.imagePullSecrets).to.deep.equal([{ name: "mirror" }]);
  });

  it("changes no text of a ConfigMap or definition", () => {
    const map = { kind: "ConfigMap", data: { image: "quay.io/team/app:1" } };
    expect(images().ofChart(map)).to.deep.equal(map);
  });
});

describe("images without a mirror", () => {
  it("stay as they are, and pods get no Secret", () => {
    const source = new StackImages({ pullSecrets: ["registry"] });
    expect(source.ofChart(pod({}))).to.deep.equal(pod({}));
  });

  it("are listed once each, with the digest where one is known", async () => {
    const source = new StackImages({ pullSecrets: [] });
    changed({ image: `quay.io/b:1@${digest}` }, source);
    changed({ image: "quay.io/a:1", args: ["--also=quay.io/c:1"] }, source);
    changed({ image: "quay.io/a:1" }, source);
    expect(await valueOf(source.all())).to.deep.equal([
      "quay.io/a:1",
      `quay.io/b:1@${digest}`,
      "quay.io/c:1",
    ]);
  });
});
