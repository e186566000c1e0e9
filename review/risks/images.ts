import { parseImage, type ImageReference } from "../../policy/core/image";
import { text } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type Risk, type RiskLevel } from "../model/risk";
import { titleOf } from "../model/snapshot";

/** An image that changes in one or more containers. */
export interface ImageMove {
  /** The reference before; undefined where the stack did not have the image. */
  readonly before: string | undefined;
  /** The reference after. */
  readonly after: string;
  /** The containers, as `Deployment shop/orders: api`. */
  readonly containers: readonly string[];
  /** What is remarkable about the move, in words; empty for an ordinary bump. */
  readonly remarks: readonly string[];
  /** How much it weighs. */
  readonly level: RiskLevel;
}

/** The images that move, each pair of references once. */
export function imageMoves({ base, changes }: Comparison): readonly ImageMove[] {
  const known = new Set(base.objects.flatMap(({ view }) => imagesOf(view)));
  const found = new Map<
    string,
    { before: string | undefined; after: string; containers: string[] }
  >();
  for (const change of changes) {
    for (const { container, before, after } of movesOf(change)) {
      // A renamed workload, or one more of the kind, brings nothing that did not run before.
      if (before === undefined && known.has(after)) {
        continue;
      }
      const key = `${before ?? ""}\0${after}`;
      const move = found.get(key) ?? { before, after, containers: [] };
      move.containers.push(`${titleOf(change.object)}: ${container}`);
      found.set(key, move);
    }
  }
  return [...found.values()].map((move) => ({ ...move, ...judge(move.before, move.after) }));
}

/** The moves that a reviewer has to look at. */
export function imageRisks(moves: readonly ImageMove[]): readonly Risk[] {
  return moves
    .filter(({ remarks }) => remarks.length > 0)
    .map(({ before, after, containers, remarks, level }) => ({
      kind: "image",
      level,
      object: containers[0] ?? "",
      urn: "",
      summary: `${before === undefined ? after : `${before} → ${after}`}: ${remarks.join("; ")}`,
      safePath: "",
    }));
}

function imagesOf({ pod }: ObjectView): readonly string[] {
  return (pod?.containers ?? []).flatMap(({ spec }) => text(spec["image"]) ?? []);
}

function movesOf({ before, after }: Change) {
  const former = new Map(
    before?.view.pod?.containers.map(({ name, spec }) => [name, text(spec["image"])]),
  );
  return (after?.view.pod?.containers ?? []).flatMap(({ name, spec }) => {
    const image = text(spec["image"]);
    const was = former.get(name);
    return image === undefined || image === was
      ? []
      : [{ container: name, before: was, after: image }];
  });
}

function judge(
  before: string | undefined,
  after: string,
): { readonly remarks: readonly string[]; readonly level: RiskLevel } {
  const to = parseImage(after);
  const from = parseImage(before);
  const remarks = to === undefined || from === undefined ? [] : remarksOn(from, to);
  return { remarks, level: remarks.length === 0 ? "low" : "medium" };
}

function remarksOn(from: ImageReference, to: ImageReference): readonly string[] {
  const remarks: string[] = [];
  if (from.registry !== to.registry) {
    remarks.push(`another registry (${from.registry} → ${to.registry})`);
  }
  if (from.repository !== to.repository) {
    remarks.push("another repository");
  }
  if (from.digest !== undefined && to.digest === undefined) {
    remarks.push("no longer pinned by a digest");
  }
  if (
    from.tag === to.tag &&
    from.tag !== undefined &&
    from.digest !== to.digest &&
    to.digest !== undefined &&
    from.digest !== undefined
  ) {
    remarks.push("the same tag with another content");
  }
  if (from.repository === to.repository && isOlder(to.tag, from.tag)) {
    remarks.push("an older version");
  }
  if (to.digest === undefined && (to.tag === undefined || to.tag === "latest")) {
    remarks.push("a tag that moves");
  }
  return remarks;
}

/** Says whether one version is older than another; only versions made of numbers can be compared. */
function isOlder(tag: string | undefined, than: string | undefined): boolean {
  const [left, right] = [versionOf(tag), versionOf(than)];
  if (left === undefined || right === undefined) {
    return false;
  }
  const index = left.findIndex((part, place) => part !== right[place]);
  return index !== -1 && (left[index] ?? 0) < (right[index] ?? 0);
}

function versionOf(tag: string | undefined): readonly number[] | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(tag ?? "");
  return match === null ? undefined : [1, 2, 3].map((part) => Number(match[part] ?? 0));
}
