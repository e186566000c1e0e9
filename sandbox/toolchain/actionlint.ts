import { join } from "node:path";
import { checkout } from "../folder";
import { goModule } from "./go-module";
import { onPath } from "./path-tool";
import { type Tool } from "./tool";
import { versions } from "./versions";

/** Judges the workflows of GitHub Actions. */
export const actionlint: Tool = {
  name: "actionlint",
  version: versions.actionlint,
  sources: [
    onPath("actionlint", ["-version"], (version) => version === versions.actionlint),
    goModule({
      name: "actionlint",
      version: versions.actionlint,
      folder: join(checkout, "sandbox", "toolchain", "go", "actionlint"),
      package: "github.com/rhysd/actionlint/cmd/actionlint",
      variables: { "github.com/rhysd/actionlint.version": versions.actionlint },
      duration: "20 s",
    }),
  ],
};
