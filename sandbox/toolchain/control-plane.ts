import { join } from "node:path";
import { checkout } from "../folder";
import { goModule } from "./go-module";
import { type Tool } from "./tool";
import { versions } from "./versions";

const [major = "", minor = ""] = versions.kubernetes.split(".");

/** etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kubectl in one binary. */
export const controlPlane: Tool = {
  name: "control-plane",
  version: versions.kubernetes,
  sources: [
    goModule({
      name: "control-plane",
      version: versions.kubernetes,
      folder: join(checkout, "sandbox", "control-plane"),
      package: ".",
      variables: {
        "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
        "k8s.io/component-base/version.gitMajor": major,
        "k8s.io/component-base/version.gitMinor": minor,
      },
      duration: "3–5 min",
    }),
  ],
};
