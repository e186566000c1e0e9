import { join } from "node:path";
import { checkout } from "../folder";
import { goModule } from "./go-module";
import { type Tool } from "./tool";
import { versions } from "./versions";

/** Simulates the nodes of the embedded cluster. */
export const kwok: Tool = {
  name: "kwok",
  version: versions.kwok,
  sources: [
    goModule({
      name: "kwok",
      version: versions.kwok,
      folder: join(checkout, "sandbox", "toolchain", "go", "kwok"),
      package: "sigs.k8s.io/kwok/cmd/kwok",
      duration: "1 min",
    }),
  ],
};
