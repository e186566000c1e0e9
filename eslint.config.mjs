import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** Forbids imports that point against the direction kit ← settings ← platform ← data ← apps ← index. */
const noImportsFrom = (...patterns) => ({
  "no-restricted-imports": [
    "error",
    {
      patterns: patterns.map((group) => ({
        group: [group],
        message:
          "Imports run one way: kit ← settings ← platform ← data ← apps ← index (docs/architecture.md).",
      })),
    },
  ],
});

export default tseslint.config(
  { ignores: ["node_modules", ".sandbox*", "policy/bin", "out"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi },
    rules: {
      eqeqeq: "error",
      curly: "error",
      "prefer-const": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/prefer-nullish-coalescing": [
        "error",
        { ignorePrimitives: { boolean: true }, ignoreConditionalTests: true },
      ],
      "@pulumi/no-output-in-template-literal": "error",
    },
  },
  {
    // Pulumi's host loads it as it is, before anything translates TypeScript.
    files: [
      "program.js",
      "declaration-mistake.js",
      "lazy-sdk.js",
      "state.js",
      "policy/main.js",
      "tests/engine/programs/**/*.js",
    ],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["components/settings/**"],
    rules: noImportsFrom(
      "**/platform/**",
      "**/data/**",
      "**/apps/**",
      "**/policy/**",
      "**/sandbox/**",
    ),
  },
  {
    files: ["components/kit/**"],
    rules: noImportsFrom(
      "**/settings/**",
      "**/platform/**",
      "**/data/**",
      "**/apps/**",
      "**/policy/**",
      "**/sandbox/**",
    ),
  },
  {
    files: ["components/platform/**"],
    rules: noImportsFrom("**/data/**", "**/apps/**", "**/policy/**", "**/sandbox/**"),
  },
  {
    files: ["components/data/**"],
    rules: noImportsFrom("**/apps/**", "**/policy/**", "**/sandbox/**"),
  },
  { files: ["components/apps/**"], rules: noImportsFrom("**/policy/**", "**/sandbox/**") },
  { files: ["policy/**"], rules: noImportsFrom("**/components/**", "**/sandbox/**") },
);
