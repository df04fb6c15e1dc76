import { UsageError } from "../../lib/errors.ts";
import type { Environment } from "../../lib/environment.ts";
import { askInTurn, canAsk, type Ask, type Terminal } from "../../lib/questions.ts";
import { below, beside, term, terminalLines } from "../../lib/terminal-text.ts";
import { configKeys } from "../../stack/config-keys.ts";
import type { Parser } from "../../stack/config-value.ts";

/** A key that `pictures setup` asks for. */
export interface SetupKey {
  readonly key: "auth0Domain" | "awsAccountId" | "awsRegion" | "imageBucket" | "allowedHosts";
  /** The option that gives it in scripts, without dashes. */
  readonly flag: string;
  readonly example: string;
  /** What to type, in one line. */
  readonly question: string;
  /** Where the shell may have it. */
  readonly variables: readonly string[];
  /** From what is typed to what is written. */
  readonly parse: Parser<string | readonly string[]>;
}

/** In the order in which they are asked for. */
const neededKeys: readonly SetupKey[] = [
  {
    key: "auth0Domain",
    flag: "domain",
    example: "acme-dev.eu.auth0.com",
    question: "The tenant's own domain, not a custom domain",
    variables: ["AUTH0_DOMAIN"],
    parse: wholeDomain,
  },
  {
    key: "awsAccountId",
    flag: "account",
    example: "123456789012",
    question: "The AWS account for the bucket, 12 digits",
    variables: [],
    parse: configKeys.awsAccountId.parse,
  },
  {
    key: "awsRegion",
    flag: "region",
    example: "eu-central-1",
    question: "The bucket's AWS region",
    variables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    parse: configKeys.awsRegion.parse,
  },
  {
    key: "imageBucket",
    flag: "bucket",
    example: "acme-dev-user-pictures",
    question: "A name for the bucket, unique in the whole of AWS, without dots",
    variables: [],
    parse: configKeys.imageBucket.parse,
  },
];

const hostsKey: SetupKey = {
  key: "allowedHosts",
  flag: "hosts",
  example: "img.acme.com,*.cdn.acme.com",
  question: "The hosts that users' own pictures may be on, with commas between them",
  variables: [],
  parse: (text) =>
    configKeys.allowedHosts.parse(JSON.stringify(text.split(/[\s,]+/).filter((host) => host !== ""))),
};

/** What a stack must set. Production names the hosts that it trusts; elsewhere any public one is allowed. */
export function keysOf(stack: string): readonly SetupKey[] {
  return stack === "prod" ? [...neededKeys, hostsKey] : neededKeys;
}

export const allSetupKeys: readonly SetupKey[] = [...neededKeys, hostsKey];

/** The configuration takes every host name; here a name without a dot is half a domain, or a secret in the wrong place. */
function wholeDomain(text: string): ReturnType<Parser<string>> {
  const parsed = configKeys.auth0Domain.parse(text);
  if ("problem" in parsed || parsed.value.includes(".") || /^localhost(:|$)/.test(parsed.value))
    return parsed;
  return {
    problem: { why: "is not a whole domain", remedy: "use one such as acme-dev.eu.auth0.com" },
  };
}

/** Values by key. */
export type SetupValues = Readonly<Partial<Record<SetupKey["key"], string | readonly string[]>>>;

/**
 * The values of the options.
 *
 * @throws UsageError `setup-value-invalid` naming every option whose value is wrong.
 */
export function valuesOfFlags(flags: Readonly<Record<string, string | undefined>>): SetupValues {
  const wrong: string[] = [];
  const entries = allSetupKeys.flatMap((setupKey) => {
    const text = flags[setupKey.flag];
    if (text === undefined) return [];
    const read = readTyped(setupKey, text);
    if ("value" in read) return [[setupKey.key, read.value] as const];
    wrong.push(`--${setupKey.flag} ${JSON.stringify(text)} ${read.why}`);
    return [];
  });
  if (wrong.length > 0)
    throw new UsageError("setup-value-invalid", `${wrong.join("\n")}\nNothing was written.`);
  return Object.fromEntries(entries);
}

/** What was typed, with the quotes that one may type around it, as a value; or what is wrong and what to type. */
export function readTyped(
  { parse }: SetupKey,
  text: string,
): { readonly value: string | readonly string[] } | { readonly why: string } {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  const parsed = parse(bare);
  if ("value" in parsed && parsed.value.length > 0) return parsed;
  if ("value" in parsed) return { why: "names nothing" };
  // The quotes belong into the file, where this command writes them.
  const remedy = parsed.problem.remedy.replace(", in quotes", "");
  return { why: `${parsed.problem.why}: ${remedy}` };
}

/** A key without a value that can be used, and what is wrong with the one that is there. */
export interface MissingKey {
  readonly setupKey: SetupKey;
  readonly found?: { readonly text: string; readonly why: string };
}

/**
 * Asks for what is missing, each until it can be used.
 *
 * @throws UsageError `setup-value-missing` without a terminal, or where the answers end.
 */
export async function askForMissing(
  missing: readonly MissingKey[],
  env: Environment,
  terminal: Terminal,
): Promise<SetupValues> {
  if (missing.length === 0) return {};
  if (!canAsk(terminal)) throw notGiven(missing);
  return askInTurn(async (ask) => {
    const answers: [string, string | readonly string[]][] = [];
    for (const one of missing) {
      const value = await askFor(one, env, ask, terminal);
      if (value === undefined)
        throw new UsageError("setup-value-missing", "The answers ended. Nothing was written.");
      answers.push([one.setupKey.key, value]);
    }
    return Object.fromEntries(answers);
  }, terminal);
}

async function askFor(
  { setupKey, found }: MissingKey,
  env: Environment,
  ask: Ask,
  { output }: Terminal,
): Promise<string | readonly string[] | undefined> {
  const { key, question, example } = setupKey;
  const suggested = setupKey.variables.map((name) => env[name]?.trim() ?? "").find((text) => text !== "");
  const suggestion =
    suggested !== undefined && "value" in readTyped(setupKey, suggested) ? suggested : undefined;
  if (found !== undefined) output.write(below(term`  ${found.text} ${found.why}.`, term``));
  const hint = suggestion === undefined ? term`such as ${example}` : term`Enter for ${suggestion}`;
  for (;;) {
    const typed = await ask(beside(below(term`${question} (${key}),`, term``), hint, term`: `));
    if (typed === undefined) return undefined;
    const text = typed.trim() === "" ? (suggestion ?? "") : typed;
    const read = text === "" ? { why: "A value is needed" } : readTyped(setupKey, text);
    if ("value" in read) return read.value;
    output.write(terminalLines([text === "" ? `  ${read.why}.` : `  ${text.trim()} ${read.why}.`, ""]));
  }
}

function notGiven(missing: readonly MissingKey[]): UsageError {
  const flags = missing.map(({ setupKey: { flag, example } }) => `--${flag} ${example}`);
  const are = missing.map(({ setupKey, found }) =>
    found === undefined ? setupKey.key : `${setupKey.key} (${found.text} ${found.why})`,
  );
  return new UsageError(
    "setup-value-missing",
    `Not a terminal, and the stack's file lacks ${are.join(", ")}. Pass ${flags.join(" ")} with your values. Nothing was written.`,
  );
}
