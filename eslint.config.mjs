// Plain JavaScript: ESLint would compile TypeScript by jiti, which keeps code in the shared temporary folder.
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const unprintable = (property) => ({
  object: "process",
  property,
  message: "Print by lib/terminal-output.ts.",
});

export default defineConfig(
  {
    ignores: [
      "node_modules/",
      ".local/",
      "local/toolchain/bootstrap.js",
      "cli/pictures.js",
      "eslint.config.mjs",
      "bench/users/naive-impact.js",
      "loader/*.js",
      "pins/",
    ],
  },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
    // What others wrote is printed by lib/terminal-output.ts alone, which takes nothing but TerminalText. Tests print for developers,
    // and examples/ is to be copied without the rest.
    ignores: ["tests/**", "examples/**", "lib/terminal-output.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": ["error", ...["stdout", "stderr"].map(unprintable)],
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "node:process", importNames: ["stdout", "stderr"] }, "node:console"] },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            ":matches(TSAsExpression, TSTypeAssertion, TSTypePredicate) TSTypeReference[typeName.name='TerminalText']",
          message: "Only the functions of lib/terminal-text.ts make a TerminalText.",
        },
      ],
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
    // Auth0 documents the handler as async; ours has nothing to wait for.
    files: ["actions/**"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
);
