import type { Linter } from "eslint";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The engine runs these as a program of their own. */
const plugin = ["provider", "grpc-provider"];

/**
 * Who may import what: the map in docs/architecture.md, checked. Each entry forbids the folders that the
 * place must not know.
 */
const layers: { files: string[]; forbidden: string[] }[] = [
  {
    files: ["index.ts"],
    forbidden: ["actions", "policy", "cli", "local", "sandbox", "toolchain", "tests", ...plugin],
  },
  {
    files: ["policy/**"],
    forbidden: ["actions", "infra", "cli", "local", "sandbox", "toolchain", "tests", ...plugin],
  },
  { files: ["actions/**"], forbidden: ["infra", "cli", "local", "sandbox", "toolchain", "tests", ...plugin] },
  { files: ["infra/**"], forbidden: ["actions", "cli", "local", "sandbox", "toolchain", "tests", ...plugin] },
  { files: ["cli/**"], forbidden: ["actions", "local", "toolchain", "tests", ...plugin] },
  {
    files: ["toolchain/**"],
    forbidden: ["actions", "policy", "infra", "cli", "local", "sandbox", "tests", ...plugin],
  },
  {
    files: ["provider/**"],
    forbidden: ["actions", "policy", "infra", "cli", "local", "sandbox", "toolchain", "tests"],
  },
  {
    files: ["grpc-provider/**"],
    forbidden: ["actions", "policy", "infra", "cli", "local", "sandbox", "toolchain", "tests", "provider"],
  },
  {
    files: ["sandbox/**"],
    forbidden: ["actions", "policy", "infra", "cli", "local", "toolchain", "tests", ...plugin],
  },
  {
    files: ["tenant", "s3", "aws", "processes", "certificates", "login"].map((name) => `local/${name}/**`),
    forbidden: ["actions", "policy", "infra", "cli", "toolchain", "tests", "provider"],
  },
  { files: ["local/page/**"], forbidden: ["actions", "infra", "cli", "toolchain", "tests", ...plugin] },
];

export default defineConfig(
  {
    ignores: [
      "node_modules/",
      ".local/",
      "toolchain/bootstrap.js",
      "cli/pictures.js",
      "bench/users/naive-impact.js",
      "loader/*.js",
      "pins/",
    ],
  },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 12],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // A destructured "the rest without this" is the plain way to leave a key out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
    },
  },
  {
    // describe() callbacks hold a whole suite, and a test may use what setup() promised.
    files: ["tests/**"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["tests/count-reporter.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // What a command needs is loaded when it runs: `pictures --help` and a rollback must start fast.
    files: ["cli/commands/**"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // Auth0 documents the handler as async; ours has nothing to wait for.
    files: ["actions/**"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
  ...layers.map(({ files, forbidden }) => ({
    files,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [{ regex: `^(\\.\\./)+(${forbidden.join("|")})/`, message: "See docs/architecture.md." }],
        },
      ],
    } satisfies Linter.RulesRecord,
  })),
);
