import { type Topic } from "../core/rule";

/** The themed policies of the pack, with what each of them asserts. */
export const THEMES: Readonly<Record<Topic, string>> = {
  "pss-baseline": "Pods keep to the baseline level of the Pod Security Standards.",
  "pss-restricted": "Pods keep to the restricted level of the Pod Security Standards.",
  hardening: "Pods take no rights, files or accounts they do not need.",
  images: "Images are pinned and come from known registries.",
  resources: "Containers say what they need and what they may take.",
  probes: "Containers answer whether they live and whether they are ready.",
  lifecycle: "Containers get the time to start and to stop.",
  secrets: "Secrets stay out of manifests.",
  availability: "Workloads survive the loss of a pod or a node.",
  networking: "Traffic goes only where it should.",
  rbac: "Accounts have the rights they need and no more.",
  storage: "Data outlives the pods that write it.",
  jobs: "Jobs end, and leave nothing behind.",
  metadata: "Objects carry valid names, labels, namespaces and API versions.",
  helm: "Charts are pinned, and their values are safe.",
};
