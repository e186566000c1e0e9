import type { SetupJobArgs } from "../../components/data/setup-job";

/** A set-up that makes one thing. */
export const setup: SetupJobArgs = {
  baseName: "make-things",
  namespace: "things",
  image: "registry.example.com/tool:1.2.3",
  script: "make them",
  files: { "thing.json": "{}" },
};
