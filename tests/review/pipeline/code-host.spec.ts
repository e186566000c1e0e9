import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { codeHost, type CodeHost } from "../../../review/pipeline/code-host";
import type { DriftReport } from "../../../operations/drift/dry-run";
import { writeComment } from "../../../review/pipeline/comment";
import { driftLine, tellDrift } from "../../../review/pipeline/drift";
import { review } from "../risks/verdict";
import { named, object } from "../stack";

/** What a request asked for. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string;
}

const settings = (level: string) =>
  object({ apiVersion: "v1", kind: "ConfigMap", metadata: named("settings"), data: { level } });
const same: DriftReport = { drifts: [], compared: 7, notCompared: [] };
const edited: DriftReport = {
  ...same,
  drifts: [
    {
      urn: "urn:a",
      object: "Service shop/orders",
      fields: [{ path: "spec.type", before: "NodePort", after: "ClusterIP" }],
      by: [{ manager: "kubectl-edit", time: "2030-01-01T00:00:00Z", yields: true }],
    },
  ],
};
const drifted = { report: review([settings("info")], [settings("debug")]), dryRun: same };
const steady = {
  report: { ...review([settings("info")], [settings("info")]), stack: "production" },
  dryRun: same,
};

describe("a pipeline", () => {
  let server: Server;
  let folder = "";
  let asked: Asked[] = [];
  /** The lists that the host holds, by their path. */
  let lists: Readonly<Record<string, readonly unknown[]>> = {};

  beforeEach((done) => {
    folder = mkdtempSync(join(tmpdir(), "slipway-pipeline-"));
    asked = [];
    lists = {};
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const token = String(headers.authorization ?? headers["private-token"]);
        const body = text === "" ? {} : (JSON.parse(text) as Asked["body"]);
        asked.push({ method, path: url, body, token });
        const { pathname, searchParams } = new URL(url, "http://localhost");
        const from = (Number(searchParams.get("page") ?? 1) - 1) * 100;
        const list = lists[pathname]?.slice(from, from + 100);
        response.statusCode = method === "GET" && list === undefined ? 404 : 200;
        response.end(JSON.stringify(list ?? { message: "Not Found" }));
      });
    });
    server.listen(0, "127.0.0.1", done);
  });
  afterEach((done) => {
    rmSync(folder, { recursive: true, force: true });
    server.close(done);
    server.closeAllConnections();
  });

  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gitHub = (): CodeHost => {
    const event = join(folder, "event.json");
    writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
    return codeHost({
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: address(),
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_TOKEN: "secret-token",
      GITHUB_EVENT_PATH: event,
    });
  };
  const gitLab = (): CodeHost =>
    codeHost({
      GITLAB_CI: "true",
      CI_API_V4_URL: address(),
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_IID: "7",
      GITLAB_TOKEN: "secret-token",
    });
  const written = (): readonly string[] =>
    asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  const pages = [{ stack: "production", markdown: "**Nothing risky. No changes.**\n" }];
  const ours = { id: 2, body: "<!-- slipway-review -->\nan earlier page" };
  const others = Array.from({ length: 120 }, (_, id) => ({
    id: id + 10,
    body: "a person's words",
  }));

  it("comments on a pull request of GitHub once, and then writes the same comment anew", async () => {
    const comments = "/repos/acme/shop/issues/7/comments";
    lists = { [comments]: others };
    await writeComment(gitHub(), pages);
    // It is found on whichever page of the list it stands.
    lists = { [comments]: [...others, ours] };
    await writeComment(gitHub(), pages);
    expect(written()).to.deep.equal([
      `POST ${comments}`,
      "PATCH /repos/acme/shop/issues/comments/2",
    ]);
    expect(asked.at(-1)?.body["body"]).to.contain("- production: Nothing risky. No changes.");
    expect(asked.at(-1)?.token).to.equal("Bearer secret-token");
  });

  it("does the same on a merge request of GitLab", async () => {
    const notes = "/projects/3/merge_requests/7/notes";
    lists = { [notes]: [] };
    await writeComment(gitLab(), pages);
    lists = { [notes]: [ours] };
    await writeComment(gitLab(), pages);
    expect(written()).to.deep.equal([`POST ${notes}`, `PUT ${notes}/2`]);
  });

  it("opens one issue about drift, writes it anew, and closes it when the drift is gone", async () => {
    const issues = "/repos/acme/shop/issues";
    lists = { [issues]: [] };
    await tellDrift(gitHub(), drifted);
    const body = "<!-- slipway-drift production -->\nearlier";
    lists = { [issues]: [{ id: 90, number: 9, body }] };
    await tellDrift(gitHub(), drifted);
    await tellDrift(gitHub(), steady);
    expect(written()).to.deep.equal([
      `POST ${issues}`,
      `PATCH ${issues}/9`,
      `POST ${issues}/9/comments`,
      `PATCH ${issues}/9`,
    ]);
    expect(asked.at(-1)?.body).to.deep.equal({ state: "closed" });
  });

  it("tells in the issue which field was edited by hand, and by whom, when no update would show it", async () => {
    const issues = "/repos/acme/shop/issues";
    lists = { [issues]: [] };
    await tellDrift(gitHub(), { ...steady, dryRun: edited });
    expect(written()).to.deep.equal([`POST ${issues}`]);
    expect(asked.at(-1)?.body.body).to.contain(
      "| Service shop/orders | spec.type | NodePort | ClusterIP | kubectl-edit, 2030-01-01T00:00:00Z |",
    );
    expect(asked.at(-1)?.body.body).to.not.contain("An update of the present checkout");
  });

  it("fits an issue however much was edited", async () => {
    const issues = "/repos/acme/shop/issues";
    lists = { [issues]: [] };
    const many = (count: number): readonly ReturnType<typeof settings>[] =>
      Array.from({ length: count }, (_, index) =>
        object({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: named(`settings-${String(index)}`),
          data: { text: "x".repeat(400) },
        }),
      );
    const [drift] = edited.drifts;
    const drifts = Array.from({ length: 900 }, () => ({
      ...drift,
      fields: Array.from({ length: 40 }, () => ({
        path: "spec.type",
        before: "b".repeat(300),
        after: "a".repeat(300),
      })),
    })) as DriftReport["drifts"];
    await tellDrift(gitHub(), {
      report: review([], many(400)),
      dryRun: { ...edited, drifts },
    });
    const body = String(asked.at(-1)?.body.body);
    expect(body.length).to.be.at.most(65_536);
    expect(body).to.contain("… and 35 more fields").and.to.contain("… and 860 more objects");
  });

  it("says in a line of the log what was not compared", () => {
    const notCompared = [{ object: "Role shop/a", reason: "cannot patch" }];
    expect(driftLine({ ...steady, dryRun: { ...same, notCompared } })).to.equal(
      "No drift in 7 objects. Not compared: 1 object, such as Role shop/a: cannot patch",
    );
    expect(driftLine({ ...steady, dryRun: edited })).to.match(
      /^Drift: 1 of 7 objects differ from the last update\./,
    );
  });

  it("does nothing on a night without drift", async () => {
    lists = { "/projects/3/issues": [] };
    await tellDrift(gitLab(), steady);
    expect(written()).to.deep.equal([]);
  });

  it("says what was refused, without the token", async () => {
    const refused = await gitHub()
      .comments()
      .then(
        () => "",
        (error: Error) => error.message,
      );
    expect(refused).to.contain("was answered with 404: Not Found");
    expect(refused).not.to.contain("secret-token");
  });

  it("says which variable a job lacks, and that it is no job at all", () => {
    expect(() => codeHost({ GITLAB_CI: "true", CI_API_V4_URL: "x", CI_PROJECT_ID: "1" })).to.throw(
      "The job has no GITLAB_TOKEN.",
    );
    expect(() => codeHost({})).to.throw("neither a job of GitHub Actions nor one of GitLab CI");
  });
});
