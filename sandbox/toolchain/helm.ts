import { join } from "node:path";
import { checkout } from "../folder";
import { goModule } from "./go-module";
import { type Tool } from "./tool";
import { versions } from "./versions";

/** Renders charts for the stand-in of the Kubernetes provider; the official one has Helm inside. */
export const helm: Tool = {
  name: "helm",
  version: versions.helm,
  sources: [
    goModule({
      name: "helm",
      version: versions.helm,
      folder: join(checkout, "sandbox", "toolchain", "go", "helm"),
      package: "helm.sh/helm/v3/cmd/helm",
      variables: { "helm.sh/helm/v3/internal/version.version": `v${versions.helm}` },
      duration: "1 min",
    }),
  ],
};
