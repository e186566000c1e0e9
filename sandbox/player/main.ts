import { parseArgs } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { Player } from "./player";

const { values } = parseArgs({ options: { kubeconfig: { type: "string" } } });
const file = values.kubeconfig ?? process.env["KUBECONFIG"];
if (file === undefined) {
  process.stderr.write("--kubeconfig is missing: the file that says which cluster to play in.\n");
  process.exit(2);
}

const config = new KubeConfig();
config.loadFromFile(file);
const player = new Player(config);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    player.stop();
  });
}
void player.run().then(() => {
  // Watches that are just being cut would keep the process for some seconds.
  process.exit(0);
});
