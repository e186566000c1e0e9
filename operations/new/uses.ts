import { Failure } from "../../sandbox/terminal/failure";

/** One thing that a new service uses, as the command line names it. */
export type Use =
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "database"; readonly name: string }
  | { readonly kind: "bucket"; readonly name: string }
  | { readonly kind: "publish"; readonly stream: string; readonly subject: string }
  | { readonly kind: "consume"; readonly stream: string; readonly consumer: string };

/** What `--uses` may hold; the help prints it. */
export const usesHelp =
  "what it uses, with commas between: another service of the application by its name, database:<name>, " +
  "bucket:<name>, publish:<stream>/<subject>, consume:<stream>/<consumer>";

/**
 * Reads a list of uses.
 * @throws Failure that names the one which is none.
 */
export function parseUses(list: string): readonly Use[] {
  const items = list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  return [...new Set(items)].map(parseUse);
}

function parseUse(item: string): Use {
  const [kind = "", rest] = splitAt(item, ":");
  if (rest === undefined) {
    return { kind: "service", name: checked(item, kind) };
  }
  const [first, second] = splitAt(rest, "/");
  switch (kind) {
    case "database":
    case "bucket":
      return { kind, name: checked(item, rest) };
    case "publish":
      return { kind, stream: checked(item, first), subject: subjectOf(item, second) };
    case "consume":
      return { kind, stream: checked(item, first), consumer: checked(item, second ?? "") };
    default:
      throw refused(item);
  }
}

/** The names of what the data room makes are all of one form. */
function checked(item: string, name: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw refused(item);
  }
  return name;
}

function subjectOf(item: string, subject = ""): string {
  if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(\.>)?$/.test(subject)) {
    throw refused(item);
  }
  return subject;
}

function refused(item: string): Failure {
  return new Failure(
    `--uses got "${item}".`,
    "It may be a service of the application, database:orders, bucket:invoices, publish:messages/msg.orders or consume:messages/orders; names have up to 40 lower-case letters, digits and hyphens.",
  );
}

function splitAt(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
