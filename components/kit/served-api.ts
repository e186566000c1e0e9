import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "./component";
import { statusMessage, type ApiAnswer, type ClusterApi, type SampleObject } from "./cluster-api";
import { registered } from "./registered";

/** The name of samples: they are never made, so nothing is ever called like this. */
export const sampleName = "slipway-api-probe";

export interface ServedApiArgs {
  /** What serves the API, as a person calls it: `cert-manager`. */
  readonly server: string;
  /** What has to be installed before it can be served. */
  readonly installed: pulumi.Resource;
  /** Objects as consumers make them, one for each webhook that would be asked. */
  readonly samples: readonly SampleObject[];
  /** The API server that is asked. */
  readonly api: ClusterApi;
}

/**
 * Stands for an API that is served and whose webhooks answer: what depends on it is made only then.
 *
 * That its pods are ready says less: their webhook's certificate may not have reached the API server,
 * and the provider retries an object whose kind is not known yet, but not one that a webhook was
 * silent about. A preview waits for nothing.
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/await.go
 */
export class ServedApi extends Component {
  declare private settle: (served: Promise<void>) => void;

  constructor(name: string, args: ServedApiArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("kit", "ServedApi", name, opts);
    this.settle(pulumi.runtime.isDryRun() ? Promise.resolve() : served(args));
  }

  /**
   * Whoever depends on a component waits for this; the SDK calls it before the constructor goes on. What
   * it were given would be sent to the engine as the component's inputs, so it is given nothing.
   */
  protected override initialize(): Promise<void> {
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}

async function served({ server, installed, samples, api }: ServedApiArgs): Promise<void> {
  await registered(installed);
  for (const sample of samples) {
    await untilServed(server, () => api.tryCreate(sample));
  }
}

/** How long an API may take from its pods' readiness to its first answer, and between two questions. */
export interface Patience {
  readonly limitMs: number;
  readonly shortestPauseMs: number;
  readonly longestPauseMs: number;
}

const patience: Patience = { limitMs: 300_000, shortestPauseMs: 250, longestPauseMs: 2_000 };

/**
 * Asks until the answer is one of the API itself.
 * @throws `pulumi.RunError` with the last answer when the time is up, or at once when the credentials are
 * not accepted.
 */
export async function untilServed(
  server: string,
  ask: () => Promise<ApiAnswer>,
  { limitMs, shortestPauseMs, longestPauseMs }: Patience = patience,
): Promise<void> {
  const end = Date.now() + limitMs;
  for (let pause = shortestPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    const answer = await ask();
    if (isServed(answer)) {
      return;
    }
    if (answer.status === 401 || Date.now() + pause > end) {
      throw new pulumi.RunError(
        `${server} is installed, but its API is not served ${answer.status === 401 ? "to these credentials" : `after ${String(Math.round(limitMs / 1000))} s`}. ` +
          `The last answer was ${answer.status === 0 ? "none" : String(answer.status)}: ${statusMessage(answer.message)} ` +
          `See whether its pods are ready and whether the API server reaches their webhook; then run the same ` +
          `command again: it goes on.`,
      );
    }
    await setTimeout(pause);
  }
}

/**
 * Whether the API itself has answered. Not served yet: nobody answers, the kind is not known (404), too
 * many questions (429), or a webhook is silent or not trusted (500). A refusal, by a webhook too, is an
 * answer.
 */
function isServed({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 500 && ![401, 404, 408, 429].includes(status);
}
