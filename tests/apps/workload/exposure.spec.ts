import { expect } from "chai";
import {
  exposureProblems,
  ingressObjects,
  type IngressExposure,
} from "../../../components/apps/workload/exposure";

const nginx = "nginx.ingress.kubernetes.io";
const authz = { url: "http://auth.shop.svc.cluster.local:8080/authz" };
const exposure: IngressExposure = {
  host: "shop.example.com",
  className: "nginx",
  tlsSecret: "shop-tls",
  paths: [{ path: "/product" }],
};

describe("an exposure", () => {
  it("serves a public path over TLS, from the Service's only port, with everything below it", () => {
    expect(ingressObjects("products", exposure, ["http"])).to.deep.equal([
      {
        name: "products",
        annotations: {},
        spec: {
          ingressClassName: "nginx",
          tls: [{ hosts: ["shop.example.com"], secretName: "shop-tls" }],
          rules: [
            {
              host: "shop.example.com",
              http: {
                paths: [
                  {
                    path: "/product",
                    pathType: "Prefix",
                    backend: { service: { name: "products", port: { name: "http" } } },
                  },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  it("asks before it lets a request through, and hands on what the answer says", () => {
    const auth = { ...authz, responseHeaders: ["X-User", "X-Role"] };
    const [object] = ingressObjects(
      "products",
      { ...exposure, paths: [{ path: "/product", auth }] },
      ["http"],
    );
    expect(object?.name).to.equal("products-authz");
    expect(object?.annotations).to.deep.equal({
      [`${nginx}/auth-url`]: authz.url,
      [`${nginx}/auth-response-headers`]: "X-User,X-Role",
    });
  });

  it("has an Ingress for the public paths and one for each authority", () => {
    const paths = [
      { path: "/a" },
      { path: "/b", auth: authz },
      { path: "/c" },
      { path: "/d", auth: authz },
      { path: "/e", auth: { url: "http://auth.shop.svc.cluster.local:8080/authn" } },
    ];
    const objects = ingressObjects("products", { ...exposure, paths }, ["http"]);
    const served = objects.map(({ name, spec }) => [
      name,
      JSON.stringify(spec).match(/"\/[a-e]"/g),
    ]);
    expect(served).to.deep.equal([
      ["products", ['"/a"', '"/c"']],
      ["products-authz", ['"/b"', '"/d"']],
      ["products-authn", ['"/e"']],
    ]);
  });

  it("limits the rate, the body and the waiting where it says so", () => {
    const limited: IngressExposure = {
      ...exposure,
      rateLimit: { requestsPerSecond: 10, connections: 5 },
      bodySize: "20m",
      timeouts: { connect: "10s", read: "1m", send: "60s" },
    };
    const [object] = ingressObjects("products", limited, ["http"]);
    expect(object?.annotations).to.deep.equal({
      [`${nginx}/limit-rps`]: "10",
      [`${nginx}/limit-connections`]: "5",
      [`${nginx}/proxy-body-size`]: "20m",
      [`${nginx}/proxy-connect-timeout`]: "10",
      [`${nginx}/proxy-read-timeout`]: "60",
      [`${nginx}/proxy-send-timeout`]: "60",
    });
  });

  it("slows answers down, which the proxy has to keep for that", () => {
    const response = { kibibytesPerSecond: 500, afterKibibytes: 1024 };
    const [object] = ingressObjects("products", { ...exposure, rateLimit: { response } }, ["http"]);
    expect(object?.annotations).to.deep.equal({
      [`${nginx}/limit-rate`]: "500",
      [`${nginx}/limit-rate-after`]: "1024",
      [`${nginx}/proxy-buffering`]: "on",
    });
  });

  it("slows answers down from their beginning where nothing is said", () => {
    const response = { kibibytesPerSecond: 500 };
    const [object] = ingressObjects("products", { ...exposure, rateLimit: { response } }, ["http"]);
    expect(object?.annotations).to.include({ [`${nginx}/limit-rate-after`]: "0" });
  });

  it("never writes a snippet", () => {
    const paths = [{ path: "/product", auth: { ...authz, responseHeaders: ["X-User"] } }];
    const all = {
      ...exposure,
      paths,
      bodySize: "1m",
      rateLimit: { requestsPerSecond: 1 },
    } as const;
    const keys = ingressObjects("products", all, ["http"]).flatMap(({ annotations }) =>
      Object.keys(annotations),
    );
    expect(keys.filter((key) => key.includes("snippet"))).to.deep.equal([]);
  });
});

describe("an exposure is refused", () => {
  it("not with a path on the only port", () => {
    expect(exposureProblems(exposure, ["http"])).to.deep.equal([]);
  });

  it("without a path", () => {
    const [problem] = exposureProblems({ paths: [] }, ["http"]);
    expect(problem?.field).to.equal("paths");
  });

  for (const path of ["product", "/product/*", "/(a|b)", "/a b"]) {
    it(`with the path "${path}", which the controller would not take as it is`, () => {
      const [problem] = exposureProblems({ paths: [{ path }] }, ["http"]);
      expect(problem?.field).to.equal("paths[0].path");
      expect(problem?.message).to.contain(`got "${path}"`);
    });
  }

  it("with a port that the Service does not have", () => {
    const [problem] = exposureProblems({ paths: [{ path: "/a", port: "admin" }] }, ["http"]);
    expect(problem?.message).to.contain('got "admin"; the Service\'s ports are http.');
  });

  it("when several ports could serve a path and none is named", () => {
    const [problem] = exposureProblems(exposure, ["http", "grpc"]);
    expect(problem?.message).to.contain("the Service has the ports http, grpc");
  });

  it("when no port could", () => {
    const [problem] = exposureProblems(exposure, []);
    expect(problem?.message).to.contain("the Service has no port");
  });

  it("not with limits and times in range", () => {
    const good: IngressExposure = {
      ...exposure,
      rateLimit: { requestsPerSecond: 10, connections: 5, response: { kibibytesPerSecond: 500 } },
      bodySize: "20m",
      timeouts: { connect: "60s", read: "60s", send: "60s" },
    };
    expect(exposureProblems(good, ["http"])).to.deep.equal([]);
  });

  const outOfRange: readonly (readonly [field: string, changes: Partial<IngressExposure>])[] = [
    ["rateLimit.requestsPerSecond", { rateLimit: { requestsPerSecond: 0 } }],
    ["rateLimit.connections", { rateLimit: { connections: 1.5 } }],
    [
      "rateLimit.response.kibibytesPerSecond",
      { rateLimit: { response: { kibibytesPerSecond: 0 } } },
    ],
    ["bodySize", { bodySize: "1.5m" }],
    ["timeouts.read", { timeouts: { read: "0s" } }],
  ];
  for (const [field, changes] of outOfRange) {
    it(`when ${field} is out of range`, () => {
      const problems = exposureProblems({ ...exposure, ...changes }, ["http"]);
      expect(problems.map((problem) => problem.field)).to.deep.equal([field]);
    });
  }

  it("when nginx cannot wait that long for a connection", () => {
    const [problem] = exposureProblems({ ...exposure, timeouts: { connect: "76s" } }, ["http"]);
    expect(problem?.field).to.equal("timeouts.connect");
  });
});
