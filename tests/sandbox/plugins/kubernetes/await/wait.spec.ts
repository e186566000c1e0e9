import { type ServerResponse } from "node:http";
import { expect } from "chai";
import {
  ENDPOINTS,
  type Condition,
} from "../../../../../sandbox/plugins/kubernetes/await/condition";
import { waitUntilGone } from "../../../../../sandbox/plugins/kubernetes/await/gone";
import {
  type NotReady,
  waitUntilReady,
} from "../../../../../sandbox/plugins/kubernetes/await/wait";
import { Discovery } from "../../../../../sandbox/plugins/kubernetes/client/discovery";
import { ApiHttp } from "../../../../../sandbox/plugins/kubernetes/client/http";
import { Informers } from "../../../../../sandbox/plugins/kubernetes/client/informer";
import { KubeObjects } from "../../../../../sandbox/plugins/kubernetes/client/objects";
import {
  textAt,
  type KubeObject,
} from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";
import { discoveryAnswer, FakeApi } from "../client/fake-api";

/** An object in one of its versions. */
function map(version: number, phase: string, metadata: PlainMap = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "a",
      namespace: "n",
      uid: "u",
      generation: 1,
      resourceVersion: String(version),
      ...metadata,
    },
    phase,
  };
}

const donePhase: Condition = {
  relatedKinds: [],
  judge: ({ object }) => {
    const phase = textAt(object, "phase");
    switch (phase) {
      case "done":
        return { outcome: "ready" };
      case "broken":
        return { outcome: "failed", reasons: ["it broke"] };
      default:
        return { outcome: "waiting", status: `phase ${phase}`, reasons: [`phase is ${phase}`] };
    }
  },
};

describe("waiting", () => {
  let api: FakeApi;
  let live: KubeObject | undefined;
  let watchers: ServerResponse[];
  let cluster: { objects: KubeObjects; informers: Informers };

  beforeEach(async () => {
    watchers = [];
    api = await FakeApi.start((request, response) => {
      if (request.includes("watch=true")) {
        response.writeHead(200);
        response.flushHeaders();
        watchers.push(response);
        return undefined;
      }
      if (/\/(configmaps|endpoints)$/.test(request)) {
        const items = live === undefined ? [] : [live];
        return { body: { items, metadata: { resourceVersion: "1" } } };
      }
      const missing = { code: 404, body: { reason: "NotFound", message: "not found" } };
      return discoveryAnswer(request) ?? (live === undefined ? missing : { body: live });
    });
    const http = new ApiHttp(api.access);
    const objects = new KubeObjects(http, new Discovery(http));
    cluster = { objects, informers: new Informers(objects) };
  });
  afterEach(() => api.stop());

  /** Changes the object on the cluster once somebody watches. */
  async function send(type: string, object: KubeObject): Promise<void> {
    while (watchers.length === 0) {
      await new Promise(setImmediate);
    }
    live = type === "DELETED" ? undefined : object;
    watchers.forEach((watcher) => watcher.write(`${JSON.stringify({ type, object })}\n`));
  }

  const never = new AbortController().signal;
  function ready(
    written: KubeObject,
    more: {
      timeout?: number;
      cancelled?: AbortSignal;
      seen?: string[];
      condition?: Condition;
    } = {},
  ) {
    return waitUntilReady({
      informers: cluster.informers,
      written,
      condition: more.condition ?? donePhase,
      timeout: more.timeout ?? 10_000,
      cancelled: more.cancelled ?? never,
      onStatus: (status) => more.seen?.push(status),
    });
  }
  const failureOf = (promise: Promise<unknown>): Promise<NotReady> =>
    promise.then(
      () => expect.fail("it became ready"),
      (error: unknown) => error as NotReady,
    );

  it("ends when the condition holds, with the object as it then is", async () => {
    live = map(1, "starting");
    const seen: string[] = [];
    const result = ready(live, { seen });
    await send("MODIFIED", map(2, "done"));
    expect(textAt(await result, "phase")).to.equal("done");
    expect(seen).to.include("phase starting");
  });

  it("counts the changes of Endpoints from the first time it sees them", async () => {
    live = { ...map(1, ""), kind: "Endpoints" };
    const seen: (readonly [string, number])[] = [];
    const counting: Condition = {
      relatedKinds: [ENDPOINTS],
      judge: ({ object, endpointChanges }) => {
        const [all, others] = [endpointChanges("a"), endpointChanges("b")];
        seen.push([textAt(object, "phase"), all.length + others.length]);
        const isDone = textAt(object, "phase") === "done";
        return isDone ? { outcome: "ready" } : { outcome: "waiting", status: "", reasons: [] };
      },
    };
    const result = ready(live, { condition: counting });
    await send("MODIFIED", { ...map(2, "done"), kind: "Endpoints" });
    await result;
    expect(seen[0]).to.deep.equal(["", 1]);
    expect(seen.at(-1)).to.deep.equal(["done", 2]);
  });

  it("does not take an older version, or a namesake, for the object", async () => {
    live = map(1, "done", { uid: "old" });
    const result = ready(map(2, "starting", { generation: 2 }));
    await send("MODIFIED", map(2, "done", { generation: 1 }));
    await send("MODIFIED", map(3, "done", { generation: 2, marked: "right" }));
    expect(textAt(await result, "metadata", "marked")).to.equal("right");
  });

  it("fails with what was in the way when the time is up", async () => {
    live = map(1, "starting");
    const failure = await failureOf(ready(live, { timeout: 300 }));
    expect(failure.message).to.equal("'a' timed out waiting to be Ready");
    expect(failure.reasons).to.deep.equal(["phase is starting"]);
  });

  it("fails at once when the condition says so", async () => {
    live = map(1, "broken");
    const failure = await failureOf(ready(live));
    expect(failure.reasons).to.deep.equal(["it broke"]);
  });

  it("fails at once when the user cancels", async () => {
    live = map(1, "starting");
    const cancellation = new AbortController();
    const result = failureOf(ready(live, { cancelled: cancellation.signal }));
    cancellation.abort();
    expect((await result).message).to.include("cancelled");
  });

  it("judges no more once the user has cancelled", async () => {
    live = map(1, "starting");
    const { apiVersion, kind } = live;
    const others = cluster.informers.for({ apiVersion, kind, namespace: "n" });
    const unsubscribe = others.subscribe(() => undefined);
    while (!others.isListed) {
      await new Promise(setImmediate);
    }
    let judgements = 0;
    const condition: Condition = {
      relatedKinds: [],
      judge: () => {
        judgements += 1;
        return { outcome: "waiting", status: "", reasons: [], askAgainAfter: 1 };
      },
    };
    const cancellation = new AbortController();
    const result = failureOf(ready(live, { condition, cancelled: cancellation.signal }));
    cancellation.abort();
    await result;
    await new Promise((resolve) => setTimeout(resolve, 20));
    unsubscribe();
    expect(judgements).to.equal(0);
  });

  function gone(timeout = 10_000) {
    return waitUntilGone({
      ...cluster,
      object: map(1, "x"),
      timeout,
      cancelled: never,
      onStatus: () => undefined,
    });
  }

  it("for a deletion ends when the object is gone", async () => {
    live = map(1, "x", { finalizers: ["hold"] });
    const result = gone();
    await send("DELETED", live);
    await result;
    expect(live).to.equal(undefined);
  });

  it("for a deletion ends at once when only a namesake is left", async () => {
    live = map(1, "x", { uid: "new" });
    await gone();
    expect(watchers).to.have.length(0);
  });

  it("for a deletion names the finalizers when the time is up", async () => {
    live = map(1, "x", { finalizers: ["example.com/hold"] });
    const failure = await failureOf(gone(300));
    expect(failure.reasons.join()).to.include("(example.com/hold)");
  });
});
