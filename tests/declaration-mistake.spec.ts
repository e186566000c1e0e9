import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect } from "chai";

const root = join(__dirname, "..");
const { declarationMistakes } = createRequire(__filename)("../declaration-mistake.js") as {
  readonly declarationMistakes: (error: unknown, root: string) => readonly string[];
};

/** An error as it is thrown while a file of the program is loaded. */
function thrownIn(file: string): Error {
  const error = new ReferenceError("product is not defined");
  error.stack = `ReferenceError: product is not defined
    at Object.<anonymous> (${join(root, file)}:52:31)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)`;
  return error;
}

describe("a mistake that keeps the program from being loaded", () => {
  it("is one line with its place when a declaration names what there is not", () => {
    expect(declarationMistakes(thrownIn("components/apps/storefront.ts"), root)).to.deep.equal([
      "components/apps/storefront.ts:52:31: product is not defined",
    ]);
  });

  it("is one line with its place when a file is no TypeScript", () => {
    let thrown: unknown;
    try {
      buildSync({
        stdin: { contents: "const a = {\n  b: [1 2],\n};", sourcefile: "shop.ts", loader: "ts" },
        write: false,
        logLevel: "silent",
      });
    } catch (error) {
      thrown = error;
    }
    expect(declarationMistakes(thrown, root)).to.deep.equal([
      'shop.ts:2:9: Expected "]" but found "2"',
    ]);
  });

  it("keeps its stack trace when it is ours", () => {
    for (const ours of ["components/apps/workload/workload.ts", "components/kit/chart.ts"]) {
      expect(declarationMistakes(thrownIn(ours), root)).to.deep.equal([]);
    }
    expect(declarationMistakes("a text", root)).to.deep.equal([]);
  });
});
