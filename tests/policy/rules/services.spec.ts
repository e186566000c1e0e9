import { deployment, inObject, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inService = inObject(service);

describeRule("service-type", inService, [
  fails("a port on every node", { "spec.type": "NodePort" }),
  fails("an address of its own", { "spec.type": "LoadBalancer" }),
  passes("the type inside the cluster, written", { "spec.type": "ClusterIP" }),
  skips("Knative's kind of the same name", {
    apiVersion: "serving.knative.dev/v1",
    "spec.type": "NodePort",
  }),
]);

describeRule("service-external-ips", inService, [
  fails("a claimed address", { "spec.externalIPs": ["203.0.113.7"] }),
  passes("an empty list", { "spec.externalIPs": [] }),
  skips("another kind", { "": deployment, "spec.externalIPs": ["203.0.113.7"] }),
]);

describeRule("service-localhost", inService, [
  fails("the caller itself", { "spec.externalName": "localhost", "spec.type": "ExternalName" }),
  fails("its loopback address", { "spec.externalName": "127.0.0.1", "spec.type": "ExternalName" }),
  passes("another host", { "spec.externalName": "db.example.com", "spec.type": "ExternalName" }),
  skips("a Service of another type", { "spec.externalName": "localhost" }),
]);

describeRule("service-port-range", inService, [
  fails("a port below", { "spec.ports[0].port": 80 }, { settings: { servicePortFrom: 1024 } }),
  fails("a port above", { "spec.ports[0].port": 9000 }, { settings: { servicePortTo: 8999 } }),
  passes("the last port", { "spec.ports[0].port": 8999 }, { settings: { servicePortTo: 8999 } }),
  skips("a Service without ports", { "spec.ports": undefined }),
]);

const SLICE = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "orders", namespace: "shop" },
  endpoints: [{ addresses: ["10.0.0.7"] }],
};

describeRule("endpointslice-loopback", inObject(SLICE), [
  fails("the node's loopback", { "endpoints[0].addresses[0]": "127.0.0.1" }),
  fails("the cloud's metadata", { "endpoints[0].addresses[0]": "169.254.169.254" }),
  passes("an address that only begins alike", { "endpoints[0].addresses[0]": "12.7.0.1" }),
  skips("a slice without endpoints", { endpoints: undefined }),
]);
