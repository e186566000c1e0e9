import { list, text } from "../core/fields";
import { type ImageReference } from "../core/image";
import { type ContainerView } from "../core/pod";
import { containerRule, podRule, rulesOf, stackRule } from "../core/rule";
import { type ObjectView } from "../core/object";
import { isLatest, isMutableTag, movesByTag } from "../core/tag";

const SOURCE = "https://kubernetes.io/docs/concepts/containers/images/";
const DIGEST = `sha256:${"9f".repeat(32)}`;

const image = (reference: string, rest: object = {}) => ({
  name: "app",
  image: reference,
  ...rest,
});

/**
 * Large registries that serve everyone without credentials. Docker Hub is none of them: it cuts anonymous
 * pulls off after a few (https://docs.docker.com/docker-hub/usage/).
 */
const OPEN_REGISTRIES = [
  "ghcr.io",
  "quay.io",
  "registry.k8s.io",
  "k8s.gcr.io",
  "gcr.io",
  "public.ecr.aws",
  "mcr.microsoft.com",
  "registry.access.redhat.com",
  "cgr.dev",
];

/** True when the registry, or registry/path, is the prefix of the image. */
function comesFrom({ registry, repository }: ImageReference, prefix: string): boolean {
  const trimmed = prefix.replace(/\/?\*?$/, "");
  const full = `${registry}/${repository}`;
  return full === trimmed || full.startsWith(`${trimmed}/`);
}

/** Images that are what they were yesterday, from where they should come. */
export const imageRules = rulesOf("images", [
  containerRule({
    id: "image-tag",
    assertion: "Images have a tag, and it is not latest.",
    why: "With latest or no tag, two pods of one Deployment may run different code, and nobody can roll back.",
    source: `${SOURCE}#image-names`,
    severity: "high",
    action: "mandatory",
    fix: "Name a version, or better a digest.",
    anchors: ["kube-linter", "Polaris", "kube-score", "Checkov", "Kyverno", "Datree", "Trivy"],
    examples: {
      pass: image("registry.example:5000/app:1.4.2"),
      fail: image("registry.example:5000/app"),
    },
    check: (container, report) => {
      const reference = container.image;
      if (reference === undefined) {
        report("image", container.spec["image"] ?? undefined, "an image with a version");
      } else if (reference.digest === undefined && isLatest(reference)) {
        report(
          "image",
          container.spec["image"],
          "tagged with a version other than latest, or given by digest",
        );
      }
    },
  }),
  containerRule({
    id: "image-digest",
    assertion: "Images are given by digest.",
    why: "A tag can be moved after the review; a digest cannot.",
    source: `${SOURCE}#image-names`,
    severity: "medium",
    action: "advisory",
    fix: "Append the digest to the reference: repository:tag@sha256:….",
    anchors: ["Checkov", "Kyverno", "Datree"],
    examples: {
      pass: image(`registry.example/app:1.4.2@${DIGEST}`),
      fail: image("registry.example/app:1.4.2"),
    },
    check: (container, report) => {
      if (container.image?.digest === undefined) {
        report("image", container.spec["image"] ?? undefined, "given with its digest (@sha256:…)");
      }
    },
  }),
  containerRule({
    id: "image-tag-mutable",
    assertion: "Image tags name one build.",
    why: "Tags such as stable, main or a bare major are moved by every release: a restart then changes the code.",
    source: `${SOURCE}#image-names`,
    severity: "medium",
    action: "advisory",
    fix: "Use the full version, or append the digest.",
    examples: {
      pass: image("registry.example/app:1.4.2"),
      fail: image("registry.example/app:stable"),
    },
    check: (container, report, { mutableTags }) => {
      const reference = container.image;
      if (
        reference?.tag !== undefined &&
        reference.digest === undefined &&
        isMutableTag(reference.tag, mutableTags)
      ) {
        report("image", container.spec["image"], "tagged with a full version, or given by digest");
      }
    },
  }),
  containerRule({
    id: "image-pull-policy",
    assertion: "Images whose tag moves are pulled at every start.",
    why: "A node that has an old image of the same tag keeps running it.",
    source: `${SOURCE}#image-pull-policy`,
    severity: "low",
    action: "advisory",
    fix: "Set imagePullPolicy to Always, or use a tag that does not move.",
    anchors: ["Polaris", "kube-score", "Checkov", "Kyverno"],
    examples: {
      pass: image("registry.example/app:stable", { imagePullPolicy: "Always" }),
      fail: image("registry.example/app:stable", { imagePullPolicy: "IfNotPresent" }),
    },
    check: (container, report, { mutableTags }) => {
      const reference = container.image;
      const policy = text(container.spec["imagePullPolicy"]);
      // The API server defaults to Always for latest and for no tag.
      if (reference === undefined || !movesByTag(reference, mutableTags) || policy === "Always") {
        return;
      }
      if (policy !== undefined || !isLatest(reference)) {
        report("imagePullPolicy", policy, "Always");
      }
    },
  }),
  containerRule({
    id: "image-registry",
    assertion: "Images come from the registries of the configuration.",
    why: "An image from anywhere is code from anyone.",
    source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity: "high",
    action: "mandatory",
    fix: "Copy the image into an allowed registry, or add the registry to settings.allowedRegistries.",
    anchors: ["Kyverno", "Trivy"],
    examples: {
      pass: image("registry.example/app:1.4.2"),
      fail: image("elsewhere.example/app:1.4.2"),
    },
    exampleSettings: { allowedRegistries: ["registry.example"] },
    check: (container, report, { allowedRegistries }) => {
      const reference = container.image;
      if (reference === undefined || allowedRegistries.length === 0) {
        return;
      }
      if (!allowedRegistries.some((prefix) => comesFrom(reference, prefix))) {
        report("image", container.spec["image"], `from ${allowedRegistries.join(", ")}`);
      }
    },
  }),
  podRule({
    id: "image-pull-secrets",
    assertion: "Pods with images from registries that ask for credentials have pull secrets.",
    why: "Without credentials the kubelet cannot pull the image, and the pod never starts.",
    source: "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
    severity: "low",
    action: "off",
    fix: "Add imagePullSecrets to the pod or to its ServiceAccount.",
    anchors: ["Kyverno"],
    examples: {
      pass: {
        imagePullSecrets: [{ name: "registry" }],
        containers: [image("private.example/app:1.4.2")],
      },
      fail: { containers: [image("private.example/app:1.4.2")] },
    },
    check: (pod, report, { privateRegistries }) => {
      const isPrivate = (container: ContainerView): boolean => {
        const reference = container.image;
        if (reference === undefined) {
          return false;
        }
        return privateRegistries.length === 0
          ? !OPEN_REGISTRIES.includes(reference.registry)
          : privateRegistries.some((prefix) => comesFrom(reference, prefix));
      };
      if (list(pod.spec["imagePullSecrets"]).length === 0 && pod.containers.some(isPrivate)) {
        report("imagePullSecrets", undefined, "the pull secret of the registry");
      }
    },
  }),
  containerRule({
    id: "image-registry-deprecated",
    assertion: "Images do not come from the frozen registry k8s.gcr.io.",
    why: "k8s.gcr.io gets no new images and no fixes since 2023; its successor is registry.k8s.io.",
    source: "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/",
    severity: "high",
    action: "mandatory",
    fix: "Replace k8s.gcr.io by registry.k8s.io.",
    anchors: ["Kyverno"],
    examples: { pass: image("registry.k8s.io/pause:3.10"), fail: image("k8s.gcr.io/pause:3.1") },
    check: (container, report) => {
      if (container.image?.registry === "k8s.gcr.io") {
        report("image", container.spec["image"], "from registry.k8s.io");
      }
    },
  }),
  stackRule({
    id: "image-same-tag-different-digest",
    kinds: ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"],
    assertion: "One repository is used at one version across the stack.",
    why: "Two versions of one image in one stack are usually a forgotten bump.",
    source: `${SOURCE}#image-names`,
    severity: "low",
    action: "advisory",
    fix: "Use the same tag and digest everywhere, or exempt the workload that must stay behind.",
    examples: {
      pass: [
        examplePod("web", "registry.example/app:1.4.2"),
        examplePod("worker", "registry.example/app:1.4.2"),
      ],
      fail: [
        examplePod("web", "registry.example/app:1.4.2"),
        examplePod("worker", "registry.example/app:1.4.1"),
      ],
    },
    check: ({ objects }, report) => {
      const first = new Map<string, { version: string; where: ObjectView }>();
      for (const object of objects) {
        for (const container of object.pod?.containers ?? []) {
          const reference = container.image;
          if (reference === undefined) {
            continue;
          }
          const repository = `${reference.registry}/${reference.repository}`;
          const version = `${reference.tag ?? ""}@${reference.digest ?? ""}`;
          const seen = first.get(repository);
          if (seen === undefined) {
            first.set(repository, { version, where: object });
          } else if (seen.version !== version) {
            const used = `the version that ${seen.where.kind} ${seen.where.name} uses`;
            report(object, `${container.path}.image`, container.spec["image"], used);
          }
        }
      }
    },
  }),
]);

function examplePod(name: string, reference: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [image(reference)] },
  };
}
