import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { ClusterApi, type Listing, type ServedKind } from "../../operations/api";

const secrets: ServedKind = {
  api: "/api/v1",
  resource: "secrets",
  namespaced: true,
  verbs: ["list"],
  apiVersion: "v1",
  kind: "Secret",
};

describe("the API of a cluster", () => {
  let server: Server;
  let api: ClusterApi;
  /** The answers by path: a status, or objects as pages. */
  let answers: Readonly<Record<string, number | readonly (readonly object[])[]>> = {};
  let accepted: (string | undefined)[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
      accepted.push(request.headers.accept);
      const answer = answers[pathname] ?? 403;
      const page = Number(searchParams.get("continue") ?? 0);
      const next = Array.isArray(answer) && page + 1 < answer.length ? String(page + 1) : "";
      response.statusCode = typeof answer === "number" ? answer : 200;
      response.end(
        JSON.stringify(
          typeof answer === "number"
            ? { message: "no", reason: "no", code: answer }
            : { items: answer[page], metadata: { continue: next } },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const config = new KubeConfig();
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: "c", server: `http://127.0.0.1:${String(port)}`, skipTLSVerify: true },
      { name: "u", token: "t" },
    );
    api = await ClusterApi.connect(config);
  });
  beforeEach(() => {
    accepted = [];
  });
  after((done) => {
    api.close();
    server.close(done);
    server.closeAllConnections();
  });

  const named = (namespace: string, name: string) => ({ metadata: { namespace, name } });
  const list = async (more: Partial<Listing> = {}) => {
    const { items, denied } = await api.list(secrets, { namespaces: ["a", "b"], ...more });
    return {
      names: items.map(({ metadata }) => (metadata as { name: string }).name),
      denied,
    };
  };

  it("lists the whole cluster at once, every page, and keeps the namespaces that are asked for", async () => {
    answers = { "/api/v1/secrets": [[named("a", "1"), named("x", "2")], [named("b", "3")]] };
    expect(await list()).to.deep.equal({ names: ["1", "3"], denied: [] });
  });

  it("lists namespace by namespace where it may not list the cluster", async () => {
    answers = {
      "/api/v1/namespaces/a/secrets": [[named("a", "1")]],
      "/api/v1/namespaces/b/secrets": [[named("b", "2")]],
    };
    expect(await list()).to.deep.equal({ names: ["1", "2"], denied: [] });
  });

  it("says in which namespaces it may not list", async () => {
    answers = { "/api/v1/namespaces/a/secrets": [[named("a", "1")]] };
    expect(await list()).to.deep.equal({ names: ["1"], denied: ["list secrets in b"] });
  });

  it("says that it may not list at all", async () => {
    answers = {};
    expect(await list()).to.deep.equal({ names: [], denied: ["list secrets"] });
  });

  it("takes a kind that has just gone for one without objects", async () => {
    answers = { "/api/v1/secrets": 404 };
    expect(await list()).to.deep.equal({ names: [], denied: [] });
  });

  it("asks for no content where names are enough", async () => {
    answers = { "/api/v1/secrets": [[]] };
    await list({ onlyMetadata: true });
    expect(accepted).to.have.length(1);
    expect(accepted[0]).to.match(/as=PartialObjectMetadataList/);
  });

  it("fails when the server does not answer as it should", async () => {
    answers = { "/api/v1/secrets": 400 };
    const error = await list().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
  });
});
