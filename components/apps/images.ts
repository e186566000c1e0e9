import * as pulumi from "@pulumi/pulumi";
import { parseImage } from "../kit/image-reference";
import { refuse, type Problem } from "../kit/problem";
import { nearestOf } from "../settings/errors";
import type { ImageSettings } from "../settings/supply";
import {
  keptVersion,
  versionOf,
  type Choice,
  type DeployedServices,
  type Origin,
  type Release,
} from "./workload/release";

/** The versions that were given at deploy time. */
export interface GivenImages {
  /** Tag or digest, by `<application>/<service>`. */
  readonly services: Readonly<Record<string, string>>;
  /**
   * Tag or digest of each of the applications' own images that is not named.
   * @default - each has to be named
   */
  readonly others?: string;
}

/** Where images come from: what the stack says, and what was given at deploy time. */
export interface ImageSupply extends ImageSettings {
  /** What was given at deploy time. */
  readonly given: GivenImages;
  /**
   * What is deployed, by the stack's state.
   * @default - nothing
   */
  readonly deployed?: DeployedServices;
  /**
   * The one service that is rolled back, and what to.
   * @default - none is
   */
  readonly rollback?: { readonly service: string; readonly target: Release };
}

/** The image of one service. */
export interface ChosenImage extends Choice {
  /** The reference, with tag or digest. */
  readonly image: string;
  /**
   * The arguments that take the place of every command, when the image stands in for the service's own.
   * @default - the image is the service's own
   */
  readonly standIn?: StandIn;
}

/** What a stand-in image is told to do. */
export interface StandIn {
  /** Its arguments where it serves. */
  readonly args: readonly string[];
  /** Its arguments where it has to end. */
  readonly jobArgs: readonly string[];
}

const variable = "SLIPWAY_IMAGES";

/** A tag, a digest, or a tag with its digest. */
const versionPattern =
  /^([A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[a-f0-9]{64})?|sha256:[a-f0-9]{64})$/;

const keyPattern = /^([a-z][-a-z0-9]*\/[a-z][-a-z0-9]*|\*)$/;

/**
 * Reads the versions given at deploy time: `application/service=tag-or-digest` pairs with commas between
 * them, the same as a JSON object, or the path of a JSON file. `*` is every service that is not named.
 *
 * @throws `pulumi.RunError` with everything that is wrong with it.
 * @example
 * parseImages("storefront/orders=1.4.2,*=1.4.0", readFile)
 */
export function parseImages(
  text: string | undefined,
  readFile: (path: string) => string,
): GivenImages {
  const given = (text ?? "").trim();
  const pairs = given.startsWith("{")
    ? jsonPairs(given, "its JSON")
    : given.endsWith(".json")
      ? jsonPairs(readJsonFile(given, readFile), `the file "${given}"`)
      : textPairs(given);
  const problems = pairs.flatMap(([key, version]) => pairProblems(key, version));
  refuse(`What ${variable} names`, problems);
  const { "*": others, ...services } = Object.fromEntries(
    pairs.map(([key, version]) => [key, String(version)]),
  );
  return others === undefined ? { services } : { services, others };
}

/** A service, and what was given as its version. */
type Pair = readonly [service: string, version: unknown];

function textPairs(text: string): readonly Pair[] {
  return text
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [key = "", ...version] = pair.split("=");
      return [key.trim(), version.join("=").trim()];
    });
}

function jsonPairs(text: string, where: string): readonly Pair[] {
  const parsed = parseJson(text, where);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new pulumi.RunError(
      `${variable}: ${where} has to be an object such as {"storefront/orders": "1.4.2"}.`,
    );
  }
  return Object.entries(parsed);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new pulumi.RunError(`${variable}: ${where} is not JSON: ${messageOf(error)}.`);
  }
}

function readJsonFile(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new pulumi.RunError(
      `${variable}: the file "${path}" cannot be read: ${messageOf(error)}.`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pairProblems(key: string, version: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  if (!keyPattern.test(key)) {
    problems.push({
      field: key,
      message: "it has to be <application>/<service>, or * for all that are not named.",
    });
  }
  if (!isVersion(version)) {
    problems.push({
      field: key,
      message: `got ${JSON.stringify(version)}; it has to be a tag other than "latest", or a digest "sha256:..."${aloneIn(version)}.`,
    });
  }
  return problems;
}

/** Where a whole reference was given: the part that is asked for. */
function aloneIn(version: unknown): string {
  const tag = /\/[^/]*?(?:@|:)([^/@]+)$/.exec(typeof version === "string" ? version : "")?.[1];
  return tag === undefined || !isVersion(tag) ? "" : `, without its repository: "${tag}"`;
}

function isVersion(version: unknown): boolean {
  return typeof version === "string" && version !== "latest" && versionPattern.test(version);
}

/** A service that needs an image. */
export interface ImageNeed {
  /** `<application>/<service>`. */
  readonly id: string;
  /** The public image that its declaration pins; none where it has one of its own in the stack's registry. */
  readonly pinned: string | undefined;
}

/**
 * Chooses the image of each service: the one it is rolled back to, else the version given at deploy time for
 * it or for all others, else the one given when it was last deployed, else the public image its declaration
 * pins, else the stack's stand-in.
 *
 * @returns each need with its image, in the same order.
 * @throws `pulumi.RunError` that names every service without an image, and how to give one.
 */
export function chooseImages<Need extends ImageNeed>(
  needs: readonly Need[],
  supply: ImageSupply,
): readonly (Need & { readonly chosen: ChosenImage })[] {
  const chosen: (Need & { readonly chosen: ChosenImage })[] = [];
  const problems: Problem[] = [];
  for (const need of needs) {
    const image = chooseImage(need, supply);
    if (image === undefined) {
      problems.push(missingImage(need.id));
    } else {
      const { pinned } = need;
      chosen.push({ ...need, chosen: { ...image, ...(pinned === undefined ? {} : { pinned }) } });
    }
  }
  const known = needs.map(({ id }) => id);
  refuse("The images", [...problems, ...unknownServices(supply, known)]);
  return chosen;
}

function chooseImage(
  { id, pinned }: ImageNeed,
  supply: ImageSupply,
): Omit<ChosenImage, "pinned"> | undefined {
  const { services, others } = supply.given;
  const repository =
    pinned === undefined ? `${supply.registry}/${id}` : parseImage(pinned).repository;
  const at = (version: string, origin: Origin): Omit<ChosenImage, "pinned"> => ({
    image: withVersion(repository, version),
    origin,
  });
  if (supply.rollback?.service === id) {
    const { image } = supply.rollback.target;
    return image === supply.default?.image
      ? { ...standIn(supply.default), origin: "declared" }
      : { image, origin: "rollback" };
  }
  const given = services[id] ?? (pinned === undefined ? others : undefined);
  if (given !== undefined) {
    return at(given, "given");
  }
  const kept = keptVersion(supply.deployed?.get(id), pinned);
  if (kept !== undefined) {
    return at(versionOf(kept.image), kept.origin);
  }
  if (pinned !== undefined) {
    return { image: pinned, origin: "declared" };
  }
  return supply.default === undefined
    ? undefined
    : { ...standIn(supply.default), origin: "declared" };
}

function standIn({
  image,
  args,
  jobArgs = args,
}: NonNullable<ImageSettings["default"]>): Pick<ChosenImage, "image" | "standIn"> {
  return { image, standIn: { args, jobArgs } };
}

function missingImage(id: string): Problem {
  return {
    field: id,
    message:
      `no version was given, now or before. Give it at deploy time: ${variable}="${id}=1.4.2", or ` +
      `${variable}="*=1.4.2" for every service that is not named.`,
  };
}

function unknownServices(supply: ImageSupply, known: readonly string[]): readonly Problem[] {
  return Object.keys(supply.given.services)
    .filter((id) => !known.includes(id))
    .map((id) => ({
      field: variable,
      message: `names "${id}", which is not deployed; ${insteadOf(id, known)}`,
    }));
}

/** What may stand in the place of an unknown service. */
export function insteadOf(id: string, known: readonly string[]): string {
  const nearest = nearestOf(id, known);
  // Its application left out, or another one named before it.
  const namesakes = known.filter((each) => each.split("/").at(-1) === id.split("/").at(-1));
  const meant = namesakes.length > 0 ? namesakes : nearest === undefined ? [] : [nearest];
  return meant.length === 0
    ? `it may be ${known.join(", ")}.`
    : `did you mean ${meant.map((each) => `"${each}"`).join(" or ")}?`;
}

function withVersion(repository: string, version: string): string {
  return version.startsWith("sha256:") ? `${repository}@${version}` : `${repository}:${version}`;
}
