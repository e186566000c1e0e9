import { readFileSync } from "node:fs";
import {
  Applications,
  demandsOf,
  parseImages,
  readApplications,
  readDeployed,
  type ExportedState,
} from "./components/apps";
import { DataServices } from "./components/data";
import { adoptionOf } from "./components/kit/adoption";
import { connectCluster } from "./components/kit/cluster";
import { clusterApi } from "./components/kit/cluster-api";
import { featuresOf, Platform } from "./components/platform";
import { readSettings } from "./components/settings";

/**
 * Settings, then the rooms in their order: each takes what the ones before it hand out. `state` is the
 * stack's own, for which program.js asks; a program on mocks has none.
 */
export = async (state?: Promise<ExportedState>) => {
  const settings = readSettings();
  const { retention } = settings;
  const given = parseImages(process.env.SLIPWAY_IMAGES, (path) => readFileSync(path, "utf8"));
  const applications = readApplications(settings.applications, {
    environment: settings.environment,
    images: { ...settings.images, given },
    features: featuresOf(settings.platform),
    deployed: readDeployed(await state),
    rollback: process.env.SLIPWAY_ROLLBACK,
  });

  const kubernetes = await connectCluster("cluster", settings.cluster);
  const adoption = adoptionOf(retention, settings.cluster);
  const opts = { providers: { kubernetes }, transformations: adoption && [adoption.ofResource] };
  const { mirror } = settings.charts;
  const environment = { mirror, simulated: settings.cluster.simulated, adoption };

  const platform = new Platform(
    "platform",
    {
      settings: settings.platform,
      environment: { ...environment, api: clusterApi(settings.cluster) },
      retention,
    },
    opts,
  );
  const data = new DataServices(
    "data",
    {
      settings: settings.data,
      platform,
      demands: demandsOf(applications),
      environment,
      retention,
    },
    opts,
  );
  const { urls, images } = new Applications(
    "applications",
    { applications, platform, data, pullSecrets: settings.images.pullSecrets, retention },
    opts,
  );

  return { urls, images };
};
