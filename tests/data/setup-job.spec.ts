import { expect } from "chai";
import {
  scriptConfigMap,
  SetupJob,
  setupJob,
  setupJobLabels,
  type SetupJobArgs,
} from "../../components/data/setup-job";
import { deploy } from "../support/mocks";
import { setup } from "./setup";

const args: SetupJobArgs = {
  ...setup,
  env: { ADDRESS: "things.svc", PASSWORD: { secret: "things-admin", key: "password" } },
  credentials: { "shop-pictures": "minio-user-shop-pictures" },
};

const nameOf = (changes: Partial<SetupJobArgs>) =>
  (setupJob({ ...args, ...changes }).metadata as { name: string }).name;

const podOf = (changes: Partial<SetupJobArgs> = {}) => {
  const { spec } = setupJob({ ...args, ...changes }) as unknown as { readonly spec: JobSpec };
  return { ...spec, pod: spec.template.spec, container: spec.template.spec.containers[0] };
};

interface JobSpec {
  readonly backoffLimit: number;
  readonly activeDeadlineSeconds: number;
  readonly template: { readonly spec: PodSpec };
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Readonly<Record<string, unknown>>[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
}

describe("a set-up Job", () => {
  it("has the same name for the same work", () => {
    expect(nameOf({})).to.equal(nameOf({}));
  });

  const changes: Readonly<Record<string, Partial<SetupJobArgs>>> = {
    script: { script: "make others" },
    files: { files: { "thing.json": "[]" } },
    image: { image: "registry.example.com/tool:1.2.4" },
    environment: { env: { ADDRESS: "other.svc" } },
    credentials: { credentials: { "shop-pictures": "another-secret" } },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`has another name, and so runs again, when its ${what} changes`, () => {
      expect(nameOf(change)).to.not.equal(nameOf({}));
    });
  }

  it("is made anew, in place of itself, by the update after it has failed", async () => {
    const recorded = await deploy(() => new SetupJob("things", args));
    const { inputs, deleteBeforeReplace } = recorded.find("Job", "things-job");
    expect(inputs).to.have.nested.property(
      "metadata.annotations.pulumi\\.com/replaceUnready",
      "true",
    );
    expect(deleteBeforeReplace).to.equal(true);
  });

  it("keeps its script and files in an immutable ConfigMap", () => {
    expect(scriptConfigMap(args)).to.deep.include({
      immutable: true,
      data: { "setup.sh": "make them", "thing.json": "{}" },
    });
  });

  it("runs the script in a shell, with a folder that the tool may write to", () => {
    expect(podOf().container).to.deep.include({
      command: ["/bin/sh", "/setup/setup.sh"],
      workingDir: "/tmp",
    });
    expect(podOf().container)
      .to.have.property("env")
      .that.deep.includes.members([
        { name: "HOME", value: "/tmp" },
        { name: "XDG_CONFIG_HOME", value: "/tmp" },
      ]);
    expect(podOf().container)
      .to.have.property("volumeMounts")
      .that.deep.includes.members([
        { name: "setup", mountPath: "/setup", readOnly: true },
        { name: "tmp", mountPath: "/tmp" },
      ]);
    expect(podOf().pod.volumes).to.deep.include({ name: "tmp", emptyDir: { sizeLimit: "16Mi" } });
  });

  it("mounts exactly this ConfigMap", () => {
    const { name } = scriptConfigMap(args).metadata as { name: string };
    expect(podOf().pod.volumes[0]).to.deep.equal({ name: "setup", configMap: { name } });
  });

  it("refers to Secrets by name, in its environment and in its files", () => {
    expect(podOf().container)
      .to.have.property("env")
      .that.deep.includes.members([
        { name: "ADDRESS", value: "things.svc" },
        {
          name: "PASSWORD",
          valueFrom: { secretKeyRef: { name: "things-admin", key: "password" } },
        },
      ]);
    expect(podOf().pod.volumes).to.deep.include({
      name: "credentials-0",
      secret: { secretName: "minio-user-shop-pictures" },
    });
    expect(podOf().container).to.have.property("volumeMounts").that.deep.includes({
      name: "credentials-0",
      mountPath: "/credentials/shop-pictures",
      readOnly: true,
    });
  });

  it("runs restricted, limited, and without a token of the API server", () => {
    const { pod, container } = podOf();
    expect(pod.automountServiceAccountToken).to.equal(false);
    expect(pod.securityContext).to.include({ runAsNonRoot: true });
    expect(container).to.have.nested.property("securityContext.readOnlyRootFilesystem", true);
    expect(container).to.have.deep.nested.property("resources.limits", {
      cpu: "200m",
      memory: "128Mi",
    });
  });

  it("carries the label that a NetworkPolicy selects it by", () => {
    expect(setupJobLabels("make-things")).to.deep.equal({
      "app.kubernetes.io/name": "make-things",
    });
    expect(setupJob(args)).to.have.deep.nested.property(
      "spec.template.metadata.labels",
      setupJobLabels("make-things"),
    );
  });

  it("tries again, but not for ever", () => {
    expect(podOf()).to.include({ backoffLimit: 6, activeDeadlineSeconds: 600 });
  });

  it("is awaited for longer than it may take", async () => {
    const recorded = await deploy(() => new SetupJob("setup", args));
    expect(recorded.find("Job", "setup-job").timeouts.create).to.equal("660s");
  });

  it("starts after its script is there", async () => {
    const recorded = await deploy(() => new SetupJob("setup", args));
    const script = recorded.find("ConfigMap", "setup-script");
    expect(recorded.find("Job", "setup-job").dependencies).to.include(script.urn);
  });
});
