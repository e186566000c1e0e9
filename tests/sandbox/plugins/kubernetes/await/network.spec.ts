import { expect } from "chai";
import {
  ingressCondition,
  serviceCondition,
} from "../../../../../sandbox/plugins/kubernetes/await/network";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";
import { judge, kubeObject, reasons } from "./snapshots";

const address = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
const endpoints = (subset: PlainMap, name = "a") =>
  kubeObject("Endpoints", { subsets: [subset] }, { name });
const ready = endpoints({ addresses: [{ ip: "1" }] });

describe("a Service", () => {
  const service = (spec: PlainMap, status: PlainMap = {}) =>
    kubeObject("Service", {
      spec: { selector: { app: "a" }, clusterIP: "10.1.1.1", ...spec },
      status,
    });

  it("is ready when its endpoints are and have settled", () => {
    expect(judge(serviceCondition, service({}), [ready]).outcome).to.equal("ready");
  });

  it("asks again when its endpoints have just changed", () => {
    const verdict = judge(serviceCondition, service({}), [ready], 400);
    expect(verdict).to.deep.include({ outcome: "waiting", askAgainAfter: 9_600 });
  });

  it("does not count the endpoints of another Service", () => {
    const other = endpoints({ addresses: [{ ip: "1" }] }, "b");
    expect(judge(serviceCondition, service({}), [other]).outcome).to.equal("waiting");
  });

  it("waits for endpoints that are on their way", () => {
    const pending = endpoints({ notReadyAddresses: [{ ip: "1" }] });
    const verdict = judge(serviceCondition, service({}), [pending]);
    expect(reasons(verdict)).to.include("does not target any Pods");
  });

  it("does not wait for pods it cannot have", () => {
    const podless: PlainMap[] = [{ clusterIP: "None" }, { type: "ExternalName" }, { selector: {} }];
    for (const spec of podless) {
      expect(judge(serviceCondition, service(spec), [], 0).outcome).to.equal("ready");
    }
  });

  it("waits for an address with the type LoadBalancer", () => {
    const spec = { type: "LoadBalancer" };
    expect(reasons(judge(serviceCondition, service(spec), [ready]))).to.include(
      "not allocated an IP",
    );
    expect(judge(serviceCondition, service(spec, address), [ready]).outcome).to.equal("ready");
  });
});

describe("an Ingress", () => {
  const paths = [{ path: "/", backend: { service: { name: "web" } } }];
  const ingress = (status: PlainMap) =>
    kubeObject("Ingress", { spec: { rules: [{ host: "shop", http: { paths } }] }, status });
  const web = endpoints({ addresses: [] }, "web");

  it("is ready when it has an address and its paths lead somewhere", () => {
    expect(judge(ingressCondition, ingress(address), [web], 0).outcome).to.equal("ready");
  });

  it("takes a Service of the type ExternalName for somewhere", () => {
    const external = kubeObject("Service", { spec: { type: "ExternalName" } }, { name: "web" });
    expect(judge(ingressCondition, ingress(address), [external], 0).outcome).to.equal("ready");
  });

  it("waits a minute for the Service of a path, then goes without", () => {
    const waiting = judge(ingressCondition, ingress(address), [], 59_000);
    expect(reasons(waiting)).to.include("shop/ -> web");
    expect(waiting).to.include({ askAgainAfter: 1_000 });
    expect(judge(ingressCondition, ingress(address), [], 60_000).outcome).to.equal("ready");
  });

  it("goes without the Service of a path as soon as the endpoints of others have settled", () => {
    const other = endpoints({ addresses: [] }, "other");
    const waiting = judge(ingressCondition, ingress(address), [other], 9_000);
    expect(waiting).to.include({ outcome: "waiting", askAgainAfter: 1_000 });
    expect(judge(ingressCondition, ingress(address), [other], 10_000).outcome).to.equal("ready");
  });

  it("waits for an address", () => {
    expect(reasons(judge(ingressCondition, ingress({}), [web]))).to.include(
      "Is a controller of its class running?",
    );
  });
});
