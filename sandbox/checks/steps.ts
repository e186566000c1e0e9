/** One thing that `npm run check` looks at. */
export interface CheckStep {
  /** What it is about, as it is printed. */
  readonly name: string;
  /** A command of node_modules/.bin, or a TypeScript file of ours, with its arguments. */
  readonly command: readonly [string, ...string[]];
  /** What to run when it fails. @default - read what it printed */
  readonly fix?: string;
}

/** Generated files: each generator, asked whether what is in git is what it would write. */
const generators: readonly CheckStep[] = [
  {
    name: "stack schema, references and shapes of declarations",
    command: ["schemas/generate.ts", "--check"],
  },
  {
    name: "picture of the production stack",
    command: ["diagram/cli.ts", "--stack", "production", "--out", "docs/stack.svg", "--check"],
  },
];

/** Everything that has to hold before the tests are worth running. The slow ones come first. */
export const checkSteps: readonly CheckStep[] = [
  { name: "lint", command: ["eslint", "--max-warnings=0", "."] },
  { name: "types", command: ["tsc", "--noEmit"] },
  {
    name: "format",
    command: ["prettier", "--check", "--log-level=warn", "."],
    fix: "npm run format",
  },
  ...generators,
  { name: "files of the pipelines", command: ["sandbox/checks/pipelines.ts"] },
];
