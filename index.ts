import * as apps from "./components/apps";
import { deployApplications, readPlan } from "./components/apps/plan";
import { DataServices } from "./components/data";
import { adoptionOf } from "./components/kit/adoption";
import { connectCluster } from "./components/kit/cluster";
import { clusterApi } from "./components/kit/cluster-api";
import { ImmutableGuard } from "./components/kit/immutable-guard";
import { StackImages } from "./components/kit/stack-images";
import { Platform } from "./components/platform";
import { readSettings } from "./components/settings";

/**
 * Settings, then the rooms that the stack has, in their order: each takes what the ones before it hand
 * out. `state` is the stack's own, for which program.js asks; a program on mocks has none.
 */
export = async (state?: Promise<apps.ExportedState>) => {
  const settings = readSettings();
  const run = await apps.readRun(process.env, state);
  const plan = await readPlan(settings, run);
  const { applications, tenants, demands, outside } = plan;

  const kubernetes = await connectCluster("cluster", settings.cluster);
  const adoption = adoptionOf(settings.retention, settings.cluster);
  const stackImages = new StackImages({ pullSecrets: [], ...settings.images });
  const guard = new ImmutableGuard({ deployed: run.objects, allowed: settings.allowReplacement });
  const transformations = [stackImages, guard, adoption].flatMap((each) => each?.ofResource ?? []);
  const opts = { providers: { kubernetes }, transformations };
  const { simulated } = settings.cluster;
  const environment = { ...settings.charts, simulated, adoption, images: stackImages, guard };
  const { retention } = settings;

  const platform =
    settings.platform &&
    new Platform(
      "platform",
      {
        settings: settings.platform,
        environment: { ...environment, api: clusterApi(settings.cluster) },
        tenants: tenants.map(({ namespace }) => namespace),
        retention,
      },
      opts,
    );
  const data =
    platform &&
    settings.data &&
    new DataServices(
      "data",
      { settings: settings.data, platform, demands, environment, retention },
      { ...opts, dependsOn: [...platform.storageClasses.ready] },
    );
  const { urls, images } = deployApplications(
    "applications",
    { settings, applications, own: { platform, data }, outside, environment },
    opts,
  );

  await guard.refuse();
  const pulledImages = stackImages.all();
  return { urls, images, pulledImages, ...apps.platformOutputs({ platform, data }, plan) };
};
