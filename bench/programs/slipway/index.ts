import { readFileSync } from "node:fs";
import { Application } from "../../../components/apps/application";
import { connectCluster } from "../../../components/kit/cluster";
import { applicationOf } from "../stack";

interface Facts {
  readonly services: number;
  readonly context: string;
  readonly identity: string;
}

/** As Slipway's own index.ts: the state is read, the cluster is asked who it is, and the objects follow. */
export = async (state: Promise<unknown>) => {
  await state;
  const { services, ...cluster } = JSON.parse(readFileSync("facts.json", "utf8")) as Facts;
  const kubernetes = await connectCluster("cluster", cluster);
  new Application("bench", applicationOf(services), { providers: { kubernetes } });
};
