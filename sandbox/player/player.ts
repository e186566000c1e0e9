import { ApisApi, type KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { Action } from "./action";
import { playCertificates } from "./certificates";
import { playExternalSecrets } from "./external-secrets";
import { playIngresses } from "./ingresses";
import { playIssuers } from "./issuers";
import { KindWatch } from "./kind-watch";
import { keyOf } from "./objects";
import { playPostgresClusters } from "./postgres-clusters";
import { playScaledObjects } from "./scaled-objects";
import { playSecretStores, type Reviewer } from "./secret-stores";
import { playVolumes } from "./volumes";
import { type WatchedKind, watchedKinds } from "./watched-kinds";
import { World } from "./world";
import { Writer } from "./writer";

/** How long the player lets events gather before it looks at the world, in milliseconds. */
const gather = 50;

/** How often it asks which APIs are served, and how soon it tries again what did not work, in milliseconds. */
const again = 1_000;

/**
 * How long it waits for one answer, in milliseconds: a connection that was lost without a word would hold
 * everything up, and what was not answered is simply tried again.
 */
const patience = 5_000;

/** How long it goes without an event before it looks at the world anyway, in milliseconds. */
const atLeast = 30_000;

/** Everything that has to be written in a world. */
async function play(world: World, reviewer: Reviewer, now: string): Promise<readonly Action[]> {
  return [
    ...playVolumes(world),
    ...playIngresses(world),
    ...playPostgresClusters(world, now),
    ...playIssuers(world, now),
    ...(await playCertificates(world, now)),
    ...playSecretStores(world, now),
    ...(await playExternalSecrets(world, reviewer, now)),
    ...playScaledObjects(world, now),
  ];
}

/**
 * Plays what no kwok Stage can. On every change it looks at the whole world and writes what is missing; the stacks of a
 * sandbox are small enough for that, and so nothing is ever forgotten.
 */
export class Player {
  private readonly world = new World();
  private readonly watches: readonly KindWatch[];
  private readonly writer: Writer;
  private readonly apis: ApisApi;
  private readonly stopped = new AbortController();
  private wake: () => void = () => undefined;
  private dirty = false;

  constructor(config: KubeConfig) {
    this.writer = new Writer(config);
    this.apis = config.makeApiClient(ApisApi);
    const objects = KubernetesObjectApi.makeApiClient(config);
    const kinds = Object.keys(watchedKinds) as WatchedKind[];
    this.watches = kinds.map((kind) => {
      const watch = new KindWatch(kind, config, objects, () => {
        this.look();
      });
      this.world.add(kind, () => watch.list());
      return watch;
    });
  }

  /** Plays until it is stopped. */
  async run(): Promise<void> {
    await Promise.all([this.discover(), this.loop()]);
  }

  /** Ends the player; `run` returns soon after. */
  stop(): void {
    this.stopped.abort();
    this.watches.forEach((watch) => {
      watch.stop();
    });
    this.wake();
  }

  private look(): void {
    this.dirty = true;
    this.wake();
  }

  private async discover(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        const { groups } = await this.apis.getAPIVersions();
        const versions = groups.flatMap((group) => group.versions.map((one) => one.groupVersion));
        const served = new Set(["v1", ...versions]);
        this.watches.forEach((watch) => {
          watch.serves(served);
        });
      } catch (error) {
        say("cannot ask the API server which APIs it serves", error);
      }
      await this.pause(again);
    }
  }

  private async loop(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      if (!this.dirty) {
        await this.sleepUntilWoken();
      }
      await this.pause(gather);
      this.dirty = false;
      // A list that is not read yet would look like objects that are gone.
      if (this.stopped.signal.aborted || !this.watches.every(({ settled }) => settled)) {
        continue;
      }
      try {
        const actions = await answered(play(this.world, this.writer, timestamp()));
        const written = await Promise.all(actions.map((action) => this.carryOut(action)));
        if (written.includes(false)) {
          setTimeout(() => {
            this.look();
          }, again).unref();
        }
      } catch (error) {
        say("cannot play", error);
        setTimeout(() => {
          this.look();
        }, again).unref();
      }
    }
  }

  private async carryOut(action: Action): Promise<boolean> {
    const what = `${action.do} ${action.object.kind} ${keyOf(action.object)}`;
    try {
      await answered(this.writer.carryOut(action));
      say(what);
      return true;
    } catch (error) {
      say(`cannot ${what}`, error);
      return false;
    }
  }

  private async sleepUntilWoken(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atLeast);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }

  private async pause(milliseconds: number): Promise<void> {
    if (this.stopped.signal.aborted) {
      return;
    }
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.stopped.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.stopped.signal.addEventListener("abort", done);
    });
  }
}

/** RFC 3339 without fractions, which is what Kubernetes' times have. */
function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

function say(what: string, error?: unknown): void {
  const why =
    error === undefined ? "" : `: ${error instanceof Error ? error.message : String(error)}`;
  process.stdout.write(`${timestamp()} ${what}${why}\n`);
}

/** Waits for an answer no longer than the player's patience. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${String(patience / 1_000)} s`));
    }, patience);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
