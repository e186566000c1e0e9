import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { parse } from "yaml";
import {
  misspeltNamespaces,
  parseSettings,
  projectConfig,
  settingsSchema,
} from "../../components/settings";
import { pathText } from "../../components/settings/errors";
import { knownKeys } from "../../components/settings/json-schema";

const root = join(__dirname, "..", "..");
const stacks = readdirSync(root)
  .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
  .filter((stack) => stack !== undefined);

type Tree = Readonly<Record<string, unknown>>;

/** A stack file's settings as the engine hands them to the program. */
function settingsOf(stack: string): Tree {
  const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as { config: Tree };
  const config = Object.entries(file.config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return projectConfig(Object.fromEntries(config) as Record<string, string>);
}

/** Every path of a tree with the value at it. */
function paths(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [at];
  }
  const below = Object.entries(value).flatMap(([key, child]) => paths(child, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

function keyOrder(value: unknown): unknown {
  return paths(value).map((path) => path.join("."));
}

/** A copy of the tree in which the entry at a path is replaced by others, or by none. */
function replaceAt(
  tree: unknown,
  path: readonly string[],
  entries: (key: string, value: unknown) => readonly (readonly [string, unknown])[],
): Tree {
  const [head, ...rest] = path;
  return Object.fromEntries(
    Object.entries(tree as Tree).flatMap(([key, value]) => {
      if (key !== head) {
        return [[key, value]];
      }
      return rest.length === 0 ? entries(key, value) : [[key, replaceAt(value, rest, entries)]];
    }),
  );
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Tree | undefined)?.[key], tree);
}

function refusal(input: Tree): string {
  try {
    parseSettings(input);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

describe("the stack files", () => {
  for (const stack of stacks) {
    it(`of ${stack} is valid`, () => {
      expect(refusal(settingsOf(stack))).to.equal("");
    });

    it(`of ${stack} names the editor's schema in its first line`, () => {
      const text = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
      expect(text.split("\n")[0]).to.equal(
        "# yaml-language-server: $schema=schemas/stack.schema.json",
      );
    });
  }

  it("of development, staging and production have the same keys in the same order", () => {
    expect(keyOrder(settingsOf("staging"))).to.deep.equal(keyOrder(settingsOf("production")));
    expect(keyOrder(settingsOf("development"))).to.deep.equal(keyOrder(settingsOf("production")));
  });
});

/** A key with one slip of the finger. */
function misspelt(key: string, at: number, kind: "doubled" | "dropped" | "swapped" | "wrong") {
  const [before, letter, after] = [key.slice(0, at), key.charAt(at), key.slice(at + 1)];
  switch (kind) {
    case "doubled":
      return `${before}${letter}${letter}${after}`;
    case "dropped":
      return `${before}${after}`;
    case "swapped":
      return `${before}${after.charAt(0)}${letter}${after.slice(1)}`;
    case "wrong":
      return `${before}${letter === "x" ? "z" : "x"}${after}`;
  }
}

describe("a mistake in a stack file", function () {
  this.timeout("3m");
  const runs = process.env.SLIPWAY_LONG_TESTS === "1" ? 500 : 100;
  const production = settingsOf("production");
  const known = knownKeys(settingsSchema);
  const all = paths(production);
  /** Keys that the schema names, not those a user chooses, such as a Postgres parameter. */
  const fixed = all.filter((path) => known(path.slice(0, -1)).includes(path.at(-1) ?? ""));
  const wrong: readonly unknown[] = [{ nested: { deeply: 1 } }, -7.25, [[]], null];

  it("in a key's spelling is refused with its path and the key that was meant", () => {
    const slip = fc.record({
      path: fc.constantFrom(...fixed),
      at: fc.nat(),
      kind: fc.constantFrom("doubled", "dropped", "swapped", "wrong"),
    });
    fc.assert(
      fc.property(slip, ({ path, at, kind }) => {
        const key = path.at(-1) ?? "";
        const typo = misspelt(key, at % key.length, kind);
        const others = known(path.slice(0, -1)).filter((other) => other !== key);
        // What is as near to another key may have been meant for that one.
        fc.pre(typo !== key && others.every((other) => distance(typo, other) > 2));
        const text = refusal(replaceAt(production, path, (_, value) => [[typo, value]]));
        expect(text).to.contain(`${pathText([...path.slice(0, -1), typo])}: this key is not known`);
        expect(text).to.contain(`did you mean "${key}"?`);
      }),
      { numRuns: runs },
    );
  });

  it("in the unit of memory or of a volume is refused: Kubernetes would take 256m for a fraction of a byte", () => {
    const sizes = all.filter(
      (path) =>
        ["memory", "size"].includes(path.at(-1) ?? "") &&
        typeof valueAt(production, path) === "string",
    );
    expect(sizes.map(pathText)).to.include.members([
      "slipway:data.postgres.storage.size",
      "slipway:applications.storefront.limits.max.memory",
    ]);
    for (const path of sizes) {
      for (const value of ["256m", "256", "5GB"]) {
        expect(refusal(replaceAt(production, path, (key) => [[key, value]]))).to.contain(
          `${pathText(path)}: got "${value}"; it has to be whole bytes, at least "1Mi"`,
        );
      }
    }
  });

  it("in the project's name before a key is refused, which the engine would pass over", () => {
    expect(misspeltNamespaces({ "slipwy:retention": "delete" })).to.deep.equal([
      {
        path: "slipwy:retention",
        message: 'nobody reads this key; did you mean "slipway:retention"?',
      },
    ]);
    expect(misspeltNamespaces({ "slipway:retention": "keep", "pulumi:tags": "{}" })).to.deep.equal(
      [],
    );
  });

  it("in a value's type is refused with its path and what was found", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixed), fc.constantFrom(...wrong), (path, value) => {
        const text = refusal(replaceAt(production, path, (key) => [[key, value]]));
        const at = pathText(path);
        const told = [
          `${at}: got ${JSON.stringify(value)}; it has to be`,
          `${at}: is empty; it has to be`,
          // A map or list in the place of another is told by what is in it.
          `${at}.nested`,
          `${at}[0]: got [];`,
        ];
        expect(
          told.some((line) => text.includes(line)),
          text,
        ).to.equal(true);
      }),
      { numRuns: runs },
    );
  });

  it("of a key nobody knows is refused with its path", () => {
    const maps = fixed.filter((path) => known(path).length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...maps), fc.stringMatching(/^[a-z]{12,16}$/), (path, extra) => {
        const text = refusal(
          replaceAt(production, path, (key, value) => [[key, { ...(value as Tree), [extra]: 1 }]]),
        );
        expect(text).to.contain(pathText([...path, extra]));
      }),
      { numRuns: runs },
    );
  });

  it("of leaving out a key that is needed is refused with its path and what it has to be", () => {
    const missing = fixed.filter((path) => refusal(replaceAt(production, path, () => [])) !== "");
    expect(missing.map(pathText)).to.include("slipway:cluster.identity");
    fc.assert(
      fc.property(fc.constantFrom(...missing), (path) => {
        const text = refusal(replaceAt(production, path, () => []));
        const holder = path.slice(0, -1);
        const lacksAll = Object.keys(valueAt(production, holder) as Tree).length === 1;
        const told = [
          `${pathText(path)}: is missing; it has to be`,
          // Where another key is of no use without it, that one is what is wrong.
          `it has to be left out where ${path.at(-1) ?? ""} is`,
          // Where any of several keys does, what lacks them all is what is wrong.
          ...(lacksAll ? [`${pathText(holder)}: got {}; it has to be one of`] : []),
        ];
        expect(
          told.some((line) => text.includes(line)),
          text,
        ).to.equal(true);
      }),
      { numRuns: runs },
    );
  });

  it("in a number's range is refused with its path, the number, and what it may be", () => {
    const numbers = fixed.filter((path) => typeof valueAt(production, path) === "number");
    fc.assert(
      fc.property(fc.constantFrom(...numbers), fc.constantFrom(-1, 0.5, -1e9), (path, value) => {
        const text = refusal(replaceAt(production, path, (key) => [[key, value]]));
        expect(text).to.contain(`${pathText(path)}: got ${String(value)}; it has to be`);
      }),
      { numRuns: runs },
    );
  });

  it("in a unit is refused with its path, the text, and what it may be", () => {
    const amounts = fixed.filter((path) =>
      /^[0-9.]+(m|[KMGT]i?|[smhd])$/.test(String(valueAt(production, path))),
    );
    const units = fc.constantFrom("5 GB", "5GB", "5 minutes", "ten", "-5s", "1.5.2Gi");
    fc.assert(
      fc.property(fc.constantFrom(...amounts), units, (path, value) => {
        const text = refusal(replaceAt(production, path, (key) => [[key, value]]));
        expect(text).to.contain(`${pathText(path)}: got "${value}"; it has to be`);
      }),
      { numRuns: runs },
    );
  });

  it("in how many connections Postgres takes is refused, for the applications' have to fit", () => {
    const path = ["data", "postgres", "parameters", "max_connections"];
    const withCount = (count: unknown) =>
      refusal(replaceAt(production, path, (key) => [[key, count]]));
    expect(withCount("many")).to.contain(
      'slipway:data.postgres.parameters.max_connections: got "many"; it has to be a whole number of connections',
    );
    expect(withCount("300")).to.equal("");
  });

  it("in a unit is refused with the form of a quantity", () => {
    const path = ["applications", "storefront", "limits", "max", "cpu"];
    const text = refusal(replaceAt(production, path, (key) => [[key, "4 cores"]]));
    expect(text).to.contain('limits.max.cpu: got "4 cores"; it has to be a quantity');
  });

  it("in the name of a StorageClass is refused: a claim with it would be refused by the API server", () => {
    const path = ["data", "nats", "storage", "storageClass"];
    const text = refusal(replaceAt(production, path, (key) => [[key, "fast ssd"]]));
    expect(text).to.contain(
      'data.nats.storage.storageClass: got "fast ssd"; it has to be a name of lower-case letters, digits, hyphens and dots',
    );
  });

  it("is told together with all the others", () => {
    const text = refusal({ ...production, retention: "maybe", cluster: {} });
    expect(text)
      .to.contain("slipway:retention")
      .and.to.contain("slipway:cluster.context")
      .and.to.contain("slipway:cluster.identity");
  });
});
