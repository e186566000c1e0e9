import { EVENT_ID, parseEvents } from "js-yaml";
import { steps } from "../core/fields";

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A key of a map or an item of a list, as it stands in the text. */
interface Part {
  readonly offset: number;
  readonly inside: Map<string | number, Part>;
}

/** A collection that is being read: what comes next in it. */
interface Frame {
  readonly mapping: boolean;
  /** The collection; undefined inside of a key, which no path leads to. */
  readonly part: Part | undefined;
  /** Index of the next item, or of the next key or value. */
  next: number;
  /** Last key of a mapping. */
  key: Part | undefined;
}

/** Where the parts of a text stand. The text is read once, however many findings there are in it. */
export class Positions {
  private readonly root: Part;
  /** Offset of the first character of each line. */
  private readonly lines: readonly number[];

  constructor(text: string) {
    this.root = readParts(text);
    this.lines = lineStarts(text);
  }

  /** Where a path of the document stands: the deepest part of it that is written. */
  of(path: string): Position {
    let part = this.root;
    for (const step of steps(path)) {
      const next = part.inside.get(step);
      if (next === undefined) {
        break;
      }
      part = next;
    }
    const line = lineOf(part.offset, this.lines);
    return { line, column: part.offset - (this.lines[line - 1] ?? 0) + 1 };
  }
}

function readParts(text: string): Part {
  const root = partAt(firstContent(text));
  const frames: Frame[] = [];
  // Returns the part that a value is, which starts here.
  const enter = (offset: number, scalar: string | undefined): Part | undefined => {
    const frame = frames.at(-1);
    if (frame === undefined) {
      return root;
    }
    const { mapping, next } = frame;
    frame.next += 1;
    if (!mapping) {
      return add(frame.part, next, offset);
    }
    if (next % 2 === 1) {
      return frame.key;
    }
    frame.key = scalar === undefined ? undefined : add(frame.part, scalar, offset);
    return undefined;
  };
  for (const event of parseEvents(text, { maxDepth: 1000 })) {
    switch (event.type) {
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const part = enter(event.start, undefined);
        frames.push({ mapping: event.type === EVENT_ID.MAPPING, part, next: 0, key: undefined });
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
  }
  return root;
}

function partAt(offset: number): Part {
  return { offset, inside: new Map() };
}

function add(holder: Part | undefined, step: string | number, offset: number): Part | undefined {
  const part = holder?.inside.get(step) ?? partAt(offset);
  holder?.inside.set(step, part);
  return holder && part;
}

function firstContent(text: string): number {
  return Math.max(0, /^(?!---|[ \t\r]*(?:#|$))/m.exec(text)?.index ?? 0);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** The line an offset is on, from 1. */
function lineOf(offset: number, starts: readonly number[]): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low + 1;
}
