import { EVENT_ID, parseEvents } from "js-yaml";
import { steps } from "../core/fields";

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds where a path of a document stands in its text: the deepest part of the path that is written there.
 * Computed for findings only, from the parser's events.
 */
export function positionOf(text: string, path: string): Position {
  return toPosition(text, offsetOf(text, steps(path)));
}

/** A collection that is being read: what comes next in it. */
interface Frame {
  readonly mapping: boolean;
  /** How many steps of the path lead to this collection; -1 when it is not on the path. */
  readonly depth: number;
  /** Index of the next item, or of the next key or value. */
  next: number;
  /** Last key of a mapping. */
  key: string;
}

function offsetOf(text: string, wanted: readonly (string | number)[]): number {
  const frames: Frame[] = [];
  let best = { depth: 0, offset: firstContent(text) };
  // Returns how deep on the path a value is that starts here; -1 when it is beside the path.
  const enter = (offset: number, scalar: string | undefined): number => {
    const frame = frames.at(-1);
    if (frame === undefined) {
      return 0;
    }
    const isKey = frame.mapping && frame.next % 2 === 0;
    const step = frame.mapping ? (isKey ? scalar : frame.key) : frame.next;
    frame.next += 1;
    if (isKey) {
      frame.key = scalar ?? "";
    }
    const onPath = frame.depth >= 0 && wanted[frame.depth] === step;
    if (onPath && frame.depth + 1 > best.depth) {
      best = { depth: frame.depth + 1, offset };
    }
    return onPath && !isKey ? frame.depth + 1 : -1;
  };
  for (const event of parseEvents(text, { maxDepth: 1000 })) {
    switch (event.type) {
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const depth = enter(event.start, undefined);
        frames.push({ mapping: event.type === EVENT_ID.MAPPING, depth, next: 0, key: "" });
        break;
      }
      case EVENT_ID.SCALAR:
        enter(event.valueStart, text.slice(event.valueStart, event.valueEnd));
        break;
      case EVENT_ID.ALIAS:
        enter(event.anchorStart, undefined);
        break;
      case EVENT_ID.POP:
        frames.pop();
        break;
      case EVENT_ID.DOCUMENT:
        break;
    }
    if (best.depth === wanted.length && wanted.length > 0) {
      break;
    }
  }
  return best.offset;
}

function firstContent(text: string): number {
  return Math.max(0, /^(?!---|\s*#|\s*$)/m.exec(text)?.index ?? 0);
}

function toPosition(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
