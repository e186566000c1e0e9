import { type PolicyConfig } from "../core/config";
import { Judge } from "../core/evaluate";
import { type UsedExemption } from "../core/exemptions";
import { isMap, text, type Fields } from "../core/fields";
import { INVALID_DOCUMENT, show, type Finding } from "../core/finding";
import { type ObjectView } from "../core/object";
import { walk } from "../core/walk";
import { RULES } from "../rules";
import { readDocuments, type Document } from "./documents";
import { Positions, type Position } from "./positions";
import { type Rendering } from "./render";
import { readSources, type SourceText } from "./sources";

/** What a check found, and where. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly exemptions: readonly UsedExemption[];
  /** Objects that were judged. */
  readonly objects: number;
  /** Where a finding stands in its file; undefined for one that belongs to no file. */
  position(finding: Finding): Position | undefined;
}

/** How the files are judged. */
export interface CheckOptions {
  readonly config: PolicyConfig;
  /** Judge every file as a stack of its own instead of all files as one. */
  readonly each: boolean;
  /**
   * Renders an object that stands for others, such as a Release; undefined for one that does not.
   * @default - nothing is rendered
   */
  readonly render?: (object: ObjectView) => Rendering | undefined;
}

/** Judges files, folders or standard input. */
export function check(paths: readonly string[], options: CheckOptions): CheckResult {
  return checkSources(readSources(paths), options);
}

/** Judges texts that were read already. */
export function checkSources(sources: Iterable<SourceText>, options: CheckOptions): CheckResult {
  const places = new Places();
  const judge = new Judge(RULES, options.config);
  const invalid: Finding[] = [];
  const all: ObjectView[] = [];
  const judged: Finding[] = [];
  let count = 0;
  for (const source of sources) {
    const objects = readObjects(source, places, invalid, options);
    count += objects.length;
    if (options.each) {
      append(judged, judge.judge(objects));
    } else {
      append(all, objects);
    }
  }
  if (!options.each) {
    append(judged, judge.judge(all));
  }
  return {
    findings: [...invalid, ...judged, ...judge.expired()],
    exemptions: judge.exemptionsSeen,
    objects: count,
    position: (finding) => places.find(finding),
  };
}

// Spreading a hundred thousand items into a call would overflow the stack.
function append<Item>(target: Item[], items: readonly Item[]): void {
  for (const item of items) {
    target.push(item);
  }
}

function readObjects(
  { file, text: content, problem: unreadable }: SourceText,
  places: Places,
  invalid: Finding[],
  { render }: CheckOptions,
): ObjectView[] {
  const objects: ObjectView[] = [];
  const documents: Iterable<Document> =
    unreadable === undefined ? readDocuments(content) : [unreadableFile(unreadable)];
  for (const document of documents) {
    places.add(file, document);
    const problem = document.problem?.reason ?? objectProblem(document.content);
    if (problem !== undefined) {
      invalid.push(invalidDocument(file, document, problem));
      continue;
    }
    const found = walk(document.content as Fields, {
      source: { file, document: document.index, base: "" },
    });
    for (const object of found) {
      const missing = objectProblem(object.raw);
      if (missing !== undefined) {
        invalid.push(invalidDocument(file, document, missing, object.source.base));
        continue;
      }
      const rendering = render?.(object);
      if (rendering === undefined) {
        objects.push(object);
      } else if ("problem" in rendering) {
        objects.push(object);
        invalid.push(invalidDocument(file, document, rendering.problem, object.source.base));
      } else {
        append(objects, rendering.objects);
        objects.push(rendered(object));
      }
    }
  }
  return objects;
}

function unreadableFile(reason: string): Document {
  return { index: 0, line: 0, text: "", content: undefined, problem: { reason, line: 0 } };
}

// The release itself is still judged, but not for hiding objects: they were just judged.
function rendered(object: ObjectView): ObjectView {
  object.rendered = true;
  return object;
}

/** Why a content is no Kubernetes object; undefined when it is one. */
function objectProblem(content: unknown): string | undefined {
  if (!isMap(content)) {
    return `it is ${Array.isArray(content) ? "a list" : show(content)}; a Kubernetes object is a map with apiVersion and kind`;
  }
  const kind = text(content["kind"]) ?? "";
  if (kind === "") {
    return `its kind is ${show(content["kind"])}; a Kubernetes object names its kind and its apiVersion`;
  }
  const items = content["items"] ?? undefined;
  if (kind.endsWith("List") && items !== undefined && !Array.isArray(items)) {
    return `its items are ${show(items)}; the items of a ${kind} are a list of objects`;
  }
  return undefined;
}

function invalidDocument(file: string, document: Document, reason: string, path = ""): Finding {
  const content = isMap(document.content) ? document.content : {};
  const metadata = isMap(content["metadata"]) ? content["metadata"] : {};
  const at = document.problem === undefined ? "" : ` on line ${document.problem.line + 1}`;
  return {
    rule: INVALID_DOCUMENT,
    severity: "high",
    enforcement: "mandatory",
    file,
    document: document.index,
    kind: text(content["kind"]) ?? "",
    namespace: text(metadata["namespace"]) ?? "",
    name: text(metadata["name"]) ?? "",
    container: "",
    path,
    found: show(reason),
    message: `document ${document.index} of ${file} cannot be read${at}: ${reason}`,
    fix: "Correct the document; nothing in it was judged.",
  };
}

/** Remembers the text of documents, and computes positions only when they are asked for. */
class Places {
  private readonly documents = new Map<string, Document>();
  /** The document that was asked for last: findings come one document after the other. */
  private read: { readonly document: Document; readonly positions: Positions } | undefined;

  add(file: string, document: Document): void {
    this.documents.set(`${file}\0${document.index}`, document);
  }

  find({ file, document: index, path }: Finding): Position | undefined {
    const document = this.documents.get(`${file}\0${index}`);
    if (document === undefined) {
      return undefined;
    }
    if (document.problem !== undefined) {
      return { line: document.problem.line + 1, column: 1 };
    }
    if (this.read?.document !== document) {
      this.read = { document, positions: new Positions(document.text) };
    }
    const { line, column } = this.read.positions.of(path);
    return { line: document.line + line, column };
  }
}
