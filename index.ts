import * as apps from "./components/apps";
import { deployApplications, readPlan } from "./components/apps/plan";
import { DataServices } from "./components/data";
import { adoptionOf } from "./components/kit/adoption";
import { connectCluster } from "./components/kit/cluster";
import { clusterApi } from "./components/kit/cluster-api";
import { StackImages } from "./components/kit/stack-images";
import { Platform } from "./components/platform";
import { readSettings } from "./components/settings";

/**
 * Settings, then the rooms that the stack has, in their order: each takes what the ones before it hand
 * out. `state` is the stack's own, for which program.js asks; a program on mocks has none.
 */
export = async (state?: Promise<apps.ExportedState>) => {
  const settings = readSettings();
  const plan = await readPlan(settings, await apps.readRun(process.env, state));
  const { applications, tenants, demands, outside } = plan;

  const kubernetes = await connectCluster("cluster", settings.cluster);
  const adoption = adoptionOf(settings.retention, settings.cluster);
  const stackImages = new StackImages({ pullSecrets: [], ...settings.images });
  const transformations = [stackImages.ofResource, ...(adoption ? [adoption.ofResource] : [])];
  const opts = { providers: { kubernetes }, transformations };
  const { mirror } = settings.charts;
  const { simulated } = settings.cluster;
  const environment = { mirror, simulated, adoption, images: stackImages };
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
      opts,
    );
  const { urls, images } = deployApplications(
    "applications",
    { settings, applications, own: { platform, data }, outside },
    opts,
  );

  const pulledImages = stackImages.all();
  return { urls, images, pulledImages, ...apps.platformOutputs({ platform, data }, plan) };
};
