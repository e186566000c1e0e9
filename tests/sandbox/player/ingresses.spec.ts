import { expect } from "chai";
import { playIngresses } from "../../../sandbox/player/ingresses";
import { ingressNginx, object, worldOf } from "./world-of";

const address = { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } };
const service = object("Service", "ingress-nginx/ingress-nginx-controller", {
  spec: { type: "LoadBalancer" },
  status: address,
});
const nginx = object("IngressClass", "nginx", { spec: { controller: "k8s.io/ingress-nginx" } });
const ingress = object("Ingress", "shop/web", { spec: { ingressClassName: "nginx" } });

describe("a played Ingress", () => {
  it("gets the address of the controller's Service, and is then left alone", () => {
    expect(playIngresses(worldOf(ingressNginx, service, nginx, ingress))).to.deep.equal([
      { do: "mergeStatus", object: ingress, fields: address },
    ]);
    const done = { ...ingress, status: address };
    expect(playIngresses(worldOf(ingressNginx, service, nginx, done))).to.deep.equal([]);
  });

  it("waits for the controller and for its Service's address", () => {
    const pending = { ...service, status: {} };
    expect(playIngresses(worldOf(service, nginx, ingress))).to.deep.equal([]);
    expect(playIngresses(worldOf(ingressNginx, pending, nginx, ingress))).to.deep.equal([]);
  });

  it("of another class, or of none, is not touched", () => {
    const other = object("Ingress", "shop/web", { spec: { ingressClassName: "traefik" } });
    const none = object("Ingress", "shop/web", { spec: {} });
    expect(playIngresses(worldOf(ingressNginx, service, nginx, other, none))).to.deep.equal([]);
  });

  it("of no class belongs to the default class", () => {
    const annotations = { "ingressclass.kubernetes.io/is-default-class": "true" };
    const standard = { ...nginx, metadata: { ...nginx.metadata, annotations } };
    const none = object("Ingress", "shop/web", { spec: {} });
    expect(playIngresses(worldOf(ingressNginx, service, standard, none))).to.have.length(1);
  });
});
