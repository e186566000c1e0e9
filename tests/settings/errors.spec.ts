import { expect } from "chai";
import { z } from "zod";
import {
  describeIssues,
  problemsText,
  unknownKeyText,
  type SettingsProblem,
} from "../../components/settings/errors";
import { knownKeys } from "../../components/settings/json-schema";
import { quantity } from "../../components/settings/values";

const schema = z.strictObject({
  bus: z.strictObject({
    servers: z.int().min(1).max(5),
    storage: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("file"), size: quantity }),
      z.strictObject({ kind: z.literal("memory") }),
    ]),
    mode: z.enum(["plain", "secure"]).default("secure"),
    tags: z.array(z.string()).default([]),
    monitor: z.union([z.literal("present"), z.strictObject({ pods: z.int() })]).optional(),
  }),
});

const good = { bus: { servers: 3, storage: { kind: "file", size: "1Gi" } } };

function problems(input: unknown): readonly SettingsProblem[] {
  const result = schema.safeParse(input);
  return result.success ? [] : describeIssues(result.error.issues, input, knownKeys(schema));
}

function spoiled(change: Readonly<Record<string, unknown>>): readonly SettingsProblem[] {
  return problems({ bus: { ...good.bus, ...change } });
}

describe("a problem of a stack file", () => {
  it("does not exist in a good one", () => {
    expect(problems(good)).to.deep.equal([]);
  });

  it("names the key that a misspelt one probably meant", () => {
    expect(spoiled({ serverz: 3 })).to.deep.equal([
      {
        path: "slipway:bus.serverz",
        message: 'this key is not known; did you mean "servers"?',
      },
    ]);
  });

  it("lists the known keys when an unknown one resembles none", () => {
    expect(spoiled({ colour: "red" })[0]?.message).to.equal(
      "this key is not known; it may be servers, storage, mode, tags, monitor.",
    );
  });

  it("is about the one shape of several that the value was meant for", () => {
    expect(spoiled({ monitor: { podz: 2 } })).to.deep.equal([
      { path: "slipway:bus.monitor.pods", message: "is missing; it has to be a number." },
      { path: "slipway:bus.monitor.podz", message: 'this key is not known; did you mean "pods"?' },
    ]);
  });

  it("names all shapes when the value fits none", () => {
    expect(spoiled({ monitor: "absent" })).to.deep.equal([
      { path: "slipway:bus.monitor", message: 'got "absent"; it has to be "present" or a map.' },
    ]);
  });

  it("finds known keys inside the branches of a union", () => {
    expect(spoiled({ storage: { kind: "file", size: "1Gi", sise: "2Gi" } })).to.deep.equal([
      {
        path: "slipway:bus.storage.sise",
        message: 'this key is not known; did you mean "size"?',
      },
    ]);
  });

  it("does not guess at a key that is right for another branch", () => {
    expect(spoiled({ storage: { kind: "memory", size: "1Gi" } })).to.deep.equal([
      {
        path: "slipway:bus.storage.size",
        message: "this key belongs to another kind than the one that is chosen here.",
      },
    ]);
  });

  it("says what was found and what it may be", () => {
    expect(spoiled({ servers: "three" })).to.deep.equal([
      { path: "slipway:bus.servers", message: 'got "three"; it has to be a number.' },
    ]);
  });

  it("names the bound that a number breaks", () => {
    expect(spoiled({ servers: 6 })[0]?.message).to.equal("got 6; it has to be at most 5.");
  });

  it("lists the values of a choice", () => {
    expect(spoiled({ mode: "fast" })[0]?.message).to.equal(
      'got "fast"; it has to be "plain" or "secure".',
    );
  });

  it("lists the kinds of a union", () => {
    expect(spoiled({ storage: { kind: "tape" } })).to.deep.equal([
      {
        path: "slipway:bus.storage.kind",
        message: 'got "tape"; it has to be "file" or "memory".',
      },
    ]);
  });

  it("finds the misspelt key that should have said which kind it is", () => {
    expect(spoiled({ storage: { kindd: "memory" } }).map(({ message }) => message)).to.deep.equal([
      'is missing; it has to be "file" or "memory".',
      'this key is not known; did you mean "kind"?',
    ]);
  });

  it("shows the form of a quantity with a wrong unit", () => {
    expect(spoiled({ storage: { kind: "file", size: "1GB" } })).to.deep.equal([
      {
        path: "slipway:bus.storage.size",
        message: 'got "1GB"; it has to be a quantity such as "500m", "2" or "256Mi".',
      },
    ]);
  });

  const spellings: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    [
      "a number for a text",
      { tags: [32] },
      'got 32; it has to be a text. Write it in quotes: "32".',
    ],
    ["a text for a number", { servers: "3" }, "it has to be a number. Write the number alone: 3."],
    ["a percentage", { servers: "70%" }, "it has to be a number. Write the number alone: 70."],
    ["nothing behind the key", { tags: null }, "is empty; it has to be a list."],
    ["a number for a map", { storage: 3 }, "got 3; it has to be a map"],
  ];
  for (const [mistake, change, message] of spellings) {
    it(`says how a value is written, and what it may hold: ${mistake}`, () => {
      expect(
        spoiled(change)
          .map((each) => each.message)
          .join(),
      ).to.contain(message);
    });
  }

  it("takes letters that changed places for the key they are of, whatever is as near", () => {
    expect(unknownKeyText("macth", ["auth", "path", "match"])).to.contain('did you mean "match"?');
  });

  it("knows what others call a key", () => {
    const known = ["scaling", "resources", "env"];
    expect(unknownKeyText("replicas", known)).to.equal(
      'this key is not known; did you mean "scaling"?',
    );
    expect(unknownKeyText("requests", known)).to.contain("it may be scaling, resources, env");
  });

  it("says that a required key is missing", () => {
    expect(problems({})).to.deep.equal([
      { path: "slipway:bus", message: "is missing; it has to be a map." },
    ]);
  });

  it("counts list entries from 0, as the file's tools do", () => {
    expect(spoiled({ tags: ["a", 2] })[0]?.path).to.equal("slipway:bus.tags[1]");
  });
});

describe("the text of all problems", () => {
  it("counts them and gives each its line", () => {
    const text = problemsText(spoiled({ servers: 6, serverz: 1 }));
    expect(text.split("\n")).to.deep.equal([
      "The stack's configuration has 2 problems:",
      "  slipway:bus.servers: got 6; it has to be at most 5.",
      '  slipway:bus.serverz: this key is not known; did you mean "servers"?',
    ]);
  });
});
