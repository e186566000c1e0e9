import { service } from "../../components/apps/declaration";
import {
  chartPods,
  helmApplication,
  ref,
  type DeclaredChart,
  type HelmApplicationDeclaration,
} from "../../components/apps/declared-chart";
import { external } from "../../components/apps/external";
import { database } from "../../components/data";
import { web } from "./shop";

const goods = database("goods");
const suppliers = external({ cidrs: ["203.0.113.0/24"], port: 443 });

const prices = service("prices", web);

/** What is left of the shop's chart: the catalogue, between two services that have left it. */
export const catalogue = chartPods("catalogue", {
  labels: { "app.kubernetes.io/name": "catalogue" },
  ports: { http: { number: 8080, service: 80 } },
  service: "shop-catalogue",
  uses: { goods, prices, suppliers },
  edge: ["http"],
});

const orders = service("orders", {
  ...web,
  uses: { catalogue },
  env: { CATALOGUE: catalogue.address.http },
});

/** A shop on its way out of its chart. */
export function movingShop(changes: Partial<DeclaredChart> = {}): HelmApplicationDeclaration {
  return helmApplication({
    name: "shop",
    team: "checkout",
    chart: {
      source: { folder: "tests/apps/charts/catalogue" },
      pods: [catalogue],
      hooks: {
        "templates/migrate.yaml": "The tables have not changed since the chart's last release.",
      },
      values: {
        database: {
          host: ref.value(goods.host),
          existingSecret: ref.secretName(goods.password),
          passwordKey: ref.secretKey(goods.password),
        },
        pricesAddress: ref.address(prices.address.http),
        prices: { host: ref.host(prices.address.http), port: ref.port(prices.address.http) },
      },
      ...changes,
    },
    services: [orders, prices],
  });
}
