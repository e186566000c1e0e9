import { readFileSync } from "node:fs";
import { Applications, demandsOf, parseImages } from "./components/apps";
import { DataServices } from "./components/data";
import { connectCluster } from "./components/kit/cluster";
import { Platform } from "./components/platform";
import { readSettings } from "./components/settings";

/** Settings, then the rooms in their order: each takes what the ones before it hand out. */
export = async () => {
  const settings = readSettings();
  const { retention } = settings;
  const images = parseImages(process.env.SLIPWAY_IMAGES, (path) => readFileSync(path, "utf8"));
  const environment = { mirror: settings.charts.mirror, simulated: settings.cluster.simulated };
  const demands = demandsOf(settings.applications);

  const kubernetes = await connectCluster("cluster", settings.cluster);
  const opts = { providers: { kubernetes } };

  const platform = new Platform(
    "platform",
    { settings: settings.platform, environment, retention },
    opts,
  );
  const data = new DataServices(
    "data",
    { settings: settings.data, platform, demands, environment, retention },
    opts,
  );
  const applications = new Applications(
    "applications",
    {
      settings: settings.applications,
      images: { ...settings.images, given: images },
      platform,
      data,
    },
    opts,
  );

  return { urls: applications.urls, images: applications.images };
};
