import { type Fragment } from "../core/rule";

/** A namespaced object of an example. */
export function manifest(apiVersion: string, kind: string, rest: Fragment): Fragment {
  return { apiVersion, kind, metadata: { name: "orders", namespace: "shop" }, ...rest };
}

/** Labels that the examples' pods carry and their selectors ask for. */
export const APP = { app: "orders" };

/** A Deployment of an example: fields of its spec and of its pod spec. */
export function deployment(spec: Fragment = {}, podSpec: Fragment = {}): Fragment {
  return workload("Deployment", spec, podSpec);
}

/** A workload with a selector of an example. */
export function workload(kind: string, spec: Fragment = {}, podSpec: Fragment = {}): Fragment {
  return manifest("apps/v1", kind, {
    spec: {
      selector: { matchLabels: APP },
      ...spec,
      template: {
        metadata: { labels: APP },
        spec: {
          containers: [{ name: "orders", image: "registry.example/orders:1.0.0" }],
          ...podSpec,
        },
      },
    },
  });
}
