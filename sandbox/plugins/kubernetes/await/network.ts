import { type Plain } from "../../rpc/values";
import { at, listAt, nameOf, textAt, type KubeObject } from "../object/kube-object";
import { ENDPOINTS, SERVICE, type Condition, type Snapshot, type Verdict } from "./condition";
import { untilSettled } from "./settle";

/** How long an Ingress waits for the first sign of any endpoints, in milliseconds. */
const NO_ENDPOINTS = 60_000;

const NO_PODS =
  "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may " +
  "not match labels on any Pods";

/**
 * A Service is ready when none of its endpoints is waiting to become ready and, with the type
 * LoadBalancer, it has an address. Headless Services, and those without a selector or of the type
 * ExternalName, have no endpoints to wait for.
 */
export const serviceCondition: Condition = {
  relatedKinds: [ENDPOINTS],
  judge: (snapshot) => {
    const service = snapshot.object;
    const hasAddress = !isLoadBalancer(service) || hasIngress(service);
    if (!waitsForPods(service)) {
      return hasAddress ? { outcome: "ready" } : waitingForAddress();
    }
    const endpoints = snapshot.related(ENDPOINTS).find((e) => nameOf(e) === nameOf(service));
    const subsets = listAt(endpoints, "subsets");
    const isPending = subsets.some((set) => listAt(set, "notReadyAddresses").length > 0);
    const isTargeting = subsets.some((set) => listAt(set, "addresses").length > 0);
    const settling = untilSettled(snapshot.endpointChanges(nameOf(service)));
    const isSettled = settling === 0;
    if (hasAddress && isSettled && !isPending) {
      return { outcome: "ready", status: "Service initialization complete" };
    }
    if (isSettled && isTargeting && !hasAddress) {
      return waitingForAddress();
    }
    return {
      outcome: "waiting",
      status: "[1/3] Finding Pods to direct traffic to",
      reasons: isTargeting ? [] : [NO_PODS],
      askAgainAfter: isSettled ? undefined : settling,
    };
  },
};

/**
 * An Ingress is ready when it has an address and each path leads to a Service that has endpoints or is of
 * the type ExternalName. A path to nowhere stops counting once the namespace's endpoints have settled.
 */
export const ingressCondition: Condition = {
  relatedKinds: [ENDPOINTS, SERVICE],
  judge: (snapshot) => {
    const dangling = danglingPaths(snapshot);
    const settling =
      untilSettled(snapshot.endpointChanges()) ?? Math.max(0, NO_ENDPOINTS - snapshot.waitedFor);
    if (dangling.length > 0 && settling > 0) {
      return {
        outcome: "waiting",
        status: "[1/3] Finding a matching service for each Ingress path",
        reasons: dangling,
        askAgainAfter: settling,
      };
    }
    if (hasIngress(snapshot.object)) {
      return { outcome: "ready", status: "Ingress initialization complete" };
    }
    return {
      outcome: "waiting",
      status: "[2/3] Waiting for update of .status.loadBalancer with hostname/IP",
      reasons: [
        ...dangling,
        "Ingress .status.loadBalancer field was not updated with a hostname/IP address. " +
          "Is a controller of its class running?",
      ],
    };
  },
};

function waitingForAddress(): Verdict {
  return {
    outcome: "waiting",
    status: "[2/3] Attempting to allocate IP address to Service",
    reasons: ["Service was not allocated an IP address; does your cluster provide load balancers?"],
  };
}

function isLoadBalancer(service: KubeObject): boolean {
  return textAt(service, "spec", "type") === "LoadBalancer";
}

function hasIngress(object: KubeObject): boolean {
  return listAt(object, "status", "loadBalancer", "ingress").length > 0;
}

function waitsForPods(service: KubeObject): boolean {
  const selector = at(service, "spec", "selector") ?? {};
  return (
    textAt(service, "spec", "type") !== "ExternalName" &&
    textAt(service, "spec", "clusterIP") !== "None" &&
    Object.keys(selector).length > 0
  );
}

function danglingPaths(snapshot: Snapshot): readonly string[] {
  const known = new Set([
    ...snapshot.related(ENDPOINTS).map(nameOf),
    ...snapshot
      .related(SERVICE)
      .filter((service) => textAt(service, "spec", "type") === "ExternalName")
      .map(nameOf),
  ]);
  return listAt(snapshot.object, "spec", "rules").flatMap((rule: Plain) =>
    listAt(rule, "http", "paths").flatMap((path) => {
      const service = textAt(path, "backend", "service", "name");
      return service === "" || known.has(service)
        ? []
        : [
            `No matching service found for ingress rule: ${textAt(rule, "host")}${textAt(path, "path")} -> ${service}`,
          ];
    }),
  );
}
