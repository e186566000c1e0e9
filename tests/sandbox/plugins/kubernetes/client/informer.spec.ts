import { type ServerResponse } from "node:http";
import { mock } from "node:test";
import { expect } from "chai";
import { Discovery } from "../../../../../sandbox/plugins/kubernetes/client/discovery";
import { ApiHttp } from "../../../../../sandbox/plugins/kubernetes/client/http";
import {
  Informers,
  type Informer,
} from "../../../../../sandbox/plugins/kubernetes/client/informer";
import { KubeObjects } from "../../../../../sandbox/plugins/kubernetes/client/objects";
import { nameOf } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { discoveryAnswer, FakeApi } from "./fake-api";

const selection = { apiVersion: "v1", kind: "ConfigMap", namespace: "n" };
const map = (name: string) => ({ metadata: { name, resourceVersion: "2" } });

describe("an informer", () => {
  let api: FakeApi;
  let lists: (readonly object[])[];
  let watchers: ServerResponse[];
  let informers: Informers;

  beforeEach(async () => {
    lists = [];
    watchers = [];
    api = await FakeApi.start((request, response) => {
      if (request.includes("watch=true")) {
        response.writeHead(200);
        response.flushHeaders();
        watchers.push(response);
        return undefined;
      }
      const discovered = discoveryAnswer(request);
      if (discovered !== undefined) {
        return discovered;
      }
      const items = lists.shift();
      return items === undefined
        ? { code: 403, body: { reason: "Forbidden", message: "no" } }
        : { body: { items, metadata: { resourceVersion: "1" } } };
    });
    const http = new ApiHttp(api.access);
    informers = new Informers(new KubeObjects(http, new Discovery(http)));
  });
  afterEach(() => api.stop());

  /** Resolves when the check holds, at once or after a change the informer tells of. */
  function until(informer: Informer, check: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = informer.subscribe(() => {
        if (informer.isListed && check()) {
          unsubscribe();
          resolve();
        }
      });
    });
  }
  const names = (informer: Informer): string => informer.current.map(nameOf).join();
  const send = (type: string, object: object): void =>
    watchers.forEach((watcher) => watcher.write(`${JSON.stringify({ type, object })}\n`));

  it("lists the objects and follows what happens to them", async () => {
    lists = [[map("a")]];
    const informer = informers.for(selection);
    await until(informer, () => names(informer) === "a");
    while (watchers.length === 0) {
      await new Promise(setImmediate);
    }
    send("ADDED", map("b"));
    await until(informer, () => names(informer) === "a,b");
    send("DELETED", map("a"));
    await until(informer, () => names(informer) === "b");
  });

  it("lists again when the server has forgotten the version to go on from", async () => {
    lists = [[map("a")], [map("b")]];
    const informer = informers.for(selection);
    await until(informer, () => names(informer) === "a");
    while (watchers.length === 0) {
      await new Promise(setImmediate);
    }
    send("ERROR", { code: 410 });
    watchers.forEach((watcher) => watcher.end());
    await until(informer, () => names(informer) === "b");
  });

  it("has nothing of a kind it may not list", async () => {
    const informer = informers.for(selection);
    await until(informer, () => true);
    expect(names(informer)).to.equal("");
    expect(watchers).to.have.length(0);
  });

  it("goes on for the next listener where the last one has left twice", async () => {
    lists = [[map("a")]];
    const informer = informers.for(selection);
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const leave = informer.subscribe(() => undefined);
      leave();
      leave();
      const listed = until(informer, () => names(informer) === "a");
      mock.timers.tick(60_000);
      await listed;
    } finally {
      mock.timers.reset();
    }
  });

  it("is shared by all who look at the same objects", () => {
    expect(informers.for(selection)).to.equal(informers.for({ ...selection }));
    expect(informers.for({ ...selection, namespace: "m" })).to.not.equal(informers.for(selection));
  });
});
