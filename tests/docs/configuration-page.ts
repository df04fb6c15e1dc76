import type { ConfigKey } from "../../stack/config-keys.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** A stack's values by key, without namespace, as text. */
export type StackValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** docs/configuration.md: every key, and what each example of a stack file sets. */
export function configurationPage(
  keys: Readonly<Record<string, ConfigKey<unknown>>>,
  stacks: StackValues,
): string {
  return [
    "# Configuration",
    "<!-- Written by `npm run docs` from stack/config-keys.ts and stack/example-stacks.ts. Do not edit. -->",
    introduction,
    "## The keys",
    keyTable(keys),
    "## The stacks",
    stackIntroduction,
    stackTable(keys, stacks),
    "",
  ].join("\n\n");
}

const introduction = `A stack's configuration is \`Pulumi.<stack>.yaml\`. Set a key there, or with
\`pulumi config set KEY VALUE --stack NAME\`. Keys are flat: a list is JSON on the command line, and nothing is nested.

Every program run checks all keys before it creates anything and reports all problems together, each with the key, its value,
what is wrong and what to do. An unknown key is an error that names the nearest known one. So is a key under
a namespace that is one typo away from the project's name in \`Pulumi.yaml\`, which the keys belong to: \`KEY\` and \`PROJECT:KEY\` are
the same. The value of an encrypted key is never shown.

If a key is in a stack file both with and without the namespace, only our commands refuse it: Pulumi uses one of the
two and does not tell the program about the other.`;

const stackIntroduction = `The files \`Pulumi.dev.yaml\`, \`Pulumi.staging.yaml\` and \`Pulumi.prod.yaml\` of the repository are examples, with the values below.
\`pictures bundle\` builds their Actions. Commands that go to a tenant, and the program, refuse a stack whose tenant, account and
bucket are still an example's (\`stack-is-example\`). \`pictures setup --stack NAME\` puts your values there.

\`dev\` is for trying things. \`staging\` has the same settings as \`prod\`, with its own tenant and account. \`prod\` is protected, see
[Guard rails](guard-rails.md). \`local\` is generated for \`npm start\` and has no file here. Each stack names its Auth0 domain and its AWS
account: with credentials of another one in the shell, a run stops before any resource is created.`;

function keyTable(keys: Readonly<Record<string, ConfigKey<unknown>>>): string {
  const rows = Object.entries(keys).map(([key, definition]) => [
    code(key),
    definition.description,
    defaultOf(definition),
    takes(definition),
    code(definition.example),
  ]);
  return markdownTable(["key", "what it decides", "default", "takes", "example"], rows);
}

function defaultOf(definition: ConfigKey<unknown>): string {
  if (!("fallback" in definition)) return "**must be set**";
  const { fallback } = definition;
  if (fallback === undefined) return "not set";
  return code(typeof fallback === "string" ? fallback : JSON.stringify(fallback));
}

/** The remedy of the key's own parser says what it takes; some take every text. */
function takes({ parse, secret }: ConfigKey<unknown>): string {
  const parsed = parse("");
  const text = "value" in parsed ? "any text" : parsed.problem.remedy.replace(/^use /, "");
  return secret === true ? `a secret, encrypted: ${text}` : text;
}

function stackTable(keys: Readonly<Record<string, ConfigKey<unknown>>>, stacks: StackValues): string {
  const set = Object.keys(keys).filter((key) =>
    Object.values(stacks).some((values) => values[key] !== undefined),
  );
  const rows = set.map((key) => [
    code(key),
    ...Object.values(stacks).map((values) => code(values[key] ?? "")),
  ]);
  return markdownTable(["key", ...Object.keys(stacks).map(code)], rows);
}
