import { expect } from "chai";
import fc from "fast-check";
import { declarations } from "../../components/apps";
import type { ApplicationDeclaration } from "../../components/apps/declaration";
import { declarationShapeProblems } from "../../components/apps/declaration-shapes";
import { randomApplication } from "./random/application";

const runs = process.env.SLIPWAY_LONG_TESTS === "1" ? 500 : 100;

type Tree = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** A key of a service's declaration. */
interface Place {
  readonly path: Path;
  readonly key: string;
  readonly value: unknown;
  /** Whether Slipway named the key, and not the team. */
  readonly isOurs: boolean;
}

/** The keys of these are names that a team chose. */
const maps: readonly string[] = [
  ...[
    "ports",
    "env",
    "writable",
    "volumes",
    "nodeSelector",
    "claims",
    "initContainers",
    "sidecars",
  ],
  ...["contents", "files", "pods", "objects", "external", "labels", "metadata"],
];

/** What functions made, or what says what a service is. */
const made: readonly string[] = ["uses", "address", "name", "kind", "stream", "at", "demand"];

/** Keys with a few values of their own. */
const literals: readonly string[] = [
  ...["match", "concurrency", "hosts", "effect", "podManagement", "accessMode", "whenDeleted"],
  "whenScaled",
];

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function places(value: unknown, path: Path, isOurs = true): readonly Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => places(entry, [...path, index]));
  }
  if (!isTree(value) || "demand" in value || ("port" in value && "service" in value)) {
    return [];
  }
  return Object.entries(value)
    .filter(([key, child]) => child !== undefined && !(isOurs && made.includes(key)))
    .filter(
      ([, child]) =>
        !isTree(child) || (!("demand" in child) && !("service" in child && "port" in child)),
    )
    .flatMap(([key, child]) => [
      { path: [...path, key], key, value: child, isOurs },
      ...places(child, [...path, key], !maps.includes(key)),
    ]);
}

/** A copy in which the key at a path is replaced. */
function changed(value: unknown, [head, ...rest]: Path, entry: (value: unknown) => Tree): unknown {
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) =>
      index === head ? changed(each, rest, entry) : each,
    );
  }
  return Object.fromEntries(
    Object.entries(value as Tree).flatMap(([key, child]) => {
      if (key !== head) {
        return [[key, child]];
      }
      return rest.length === 0
        ? Object.entries(entry(child))
        : [[key, changed(child, rest, entry)]];
    }),
  );
}

function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") {
      return `${text}[${String(part)}]`;
    }
    return /^[\w$-]+$/.test(part)
      ? `${text}${text === "" ? "" : "."}${part}`
      : `${text}["${part}"]`;
  }, "");
}

/** A slip of the fingers: a letter twice, two that changed places, or one left out of a long word. */
function slips(key: string): readonly string[] {
  const letters = [...key];
  return letters
    .flatMap((letter, index) => [
      [...letters.slice(0, index), letter, ...letters.slice(index)],
      [...letters.slice(0, index), letters[index + 1] ?? "", letter, ...letters.slice(index + 2)],
      ...(letters.length > 5 ? [letters.filter((_, other) => other !== index)] : []),
    ])
    .map((slip) => slip.join(""))
    .filter((slip) => slip !== key);
}

const anyApplication = fc.oneof(fc.constantFrom(...declarations), randomApplication);

/** A place of a service of an application, real or random. */
function placeIn(
  wanted: (place: Place) => boolean,
): fc.Arbitrary<readonly [ApplicationDeclaration, number, Place]> {
  return anyApplication
    .map((declaration) =>
      declaration.services.flatMap((service, index) =>
        places(service, [])
          .filter(wanted)
          .map((place) => [declaration, index, place] as const),
      ),
    )
    .filter((found) => found.length > 0)
    .chain((found) => fc.constantFrom(...found));
}

/** What is said of an application once a key of one of its services was replaced. */
function refusals(
  [declaration, index, { path }]: readonly [ApplicationDeclaration, number, Place],
  entry: (value: unknown) => Tree,
): readonly string[] {
  const services = changed(declaration.services, [index, ...path], entry);
  const name = declaration.services[index]?.name ?? "";
  return declarationShapeProblems({ ...declaration, services } as ApplicationDeclaration).map(
    ({ field, message }) => `${field}: ${message}`.replace(`${declaration.name}/${name} `, ""),
  );
}

describe("the declaration of an application", function () {
  this.timeout("5m");

  for (const declaration of declarations) {
    it(`of ${declaration.name} has the shape of its type`, () => {
      expect(declarationShapeProblems(declaration)).to.deep.equal([]);
    });
  }

  it("has it whatever it says, where the compiler says so", () => {
    fc.assert(
      fc.property(randomApplication, (declaration) => {
        expect(declarationShapeProblems(declaration)).to.deep.equal([]);
      }),
      { numRuns: runs },
    );
  });

  it("is refused for a misspelt key, with the one that was meant", () => {
    const misspelt = placeIn(({ key, isOurs }) => isOurs && key.length > 3).chain((found) =>
      fc.tuple(fc.constant(found), fc.constantFrom(...slips(found[2].key))),
    );
    fc.assert(
      fc.property(misspelt, ([found, slip]) => {
        const { path, key } = found[2];
        expect(refusals(found, (value) => ({ [slip]: value }))).to.include(
          `${pathText([...path.slice(0, -1), slip])}: this key is not known; did you mean "${key}"?`,
        );
      }),
      { numRuns: runs },
    );
  });

  it("is refused for a value of another type, with the value", () => {
    fc.assert(
      fc.property(
        placeIn(() => true),
        (found) => {
          const { path, key, value } = found[2];
          const other = typeof value === "string" ? 7 : "x";
          const text = `${pathText(path)}: got ${JSON.stringify(other)}; it has to be `;
          expect(
            refusals(found, () => ({ [key]: other })).filter((line) => line.startsWith(text)),
          ).to.have.length(1);
        },
      ),
      { numRuns: runs },
    );
  });

  it("is refused for a key that there is not", () => {
    const objects = placeIn(({ key, value }) => isTree(value) && !maps.includes(key));
    fc.assert(
      fc.property(objects, (found) => {
        const { path, key } = found[2];
        const lines = refusals(found, (value) => ({ [key]: { ...(value as Tree), zzzz: 1 } }));
        expect(lines).to.have.length(1);
        expect(lines[0]).to.contain(`${pathText([...path, "zzzz"])}: this key is not known`);
      }),
      { numRuns: runs },
    );
  });

  it("is refused for a literal that there is not, with those there are", () => {
    fc.assert(
      fc.property(
        placeIn(({ key, isOurs }) => isOurs && literals.includes(key)),
        (found) => {
          const { path, key, value } = found[2];
          const [line = "nothing", ...others] = refusals(found, () => ({ [key]: "nonsense" }));
          expect(others).to.deep.equal([]);
          expect(line)
            .to.contain(`${pathText(path)}: got "nonsense"; it has to be `)
            .and.contain(JSON.stringify(value));
        },
      ),
      { numRuns: runs },
    );
  });
});
