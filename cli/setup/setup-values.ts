import { UsageError } from "../../lib/errors.ts";
import { envVar, type Environment } from "../../lib/environment.ts";
import { askInTurn, canAsk, type Ask, type Terminal } from "../../lib/questions.ts";
import { below, beside, term, terminalLines } from "../../lib/terminal-text.ts";
import { configKeys } from "../../stack/config-keys.ts";
import type { Parser } from "../../stack/config-value.ts";
import { knownSecrets, maskSecrets } from "../../stack/secrets-in-code.ts";
import { unknownRegion } from "./aws-regions.ts";

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
  /** What is odd about a text that can be used: a person is asked to type it again. */
  readonly oddity?: (text: string) => string | undefined;
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
    oddity: unknownRegion,
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
export function valuesOfFlags(
  flags: Readonly<Record<string, string | undefined>>,
  env: Environment,
): SetupValues {
  const wrong: string[] = [];
  const entries = allSetupKeys.flatMap((setupKey) => {
    const text = flags[setupKey.flag];
    if (text === undefined) return [];
    const read = readTyped(setupKey, text, env);
    if ("value" in read) return [[setupKey.key, read.value] as const];
    wrong.push(`--${setupKey.flag} ${JSON.stringify(withoutSecrets(text, env))} ${read.why}`);
    return [];
  });
  if (wrong.length > 0)
    throw new UsageError("setup-value-invalid", `${wrong.join("\n")}\nNothing was written.`);
  return Object.fromEntries(entries);
}

/** What may be printed of a text: whoever sets up has secrets at hand, and one is soon pasted into the wrong place. */
export function withoutSecrets(text: string, env: Environment): string {
  return maskSecrets(text, knownSecrets(env, {}, new Set()));
}

/** Why a text must not be in the file where it holds a secret; undefined where it holds none. */
export function secretProblem(text: string, env: Environment): string | undefined {
  if (withoutSecrets(text, env) === text) return undefined;
  return "looks like a secret: the stack's file is for everybody who has the project";
}

/** What was typed, with the quotes that one may type around it, as a value; or what is wrong and what to type. */
export function readTyped(
  { parse }: SetupKey,
  text: string,
  env: Environment,
): { readonly value: string | readonly string[] } | { readonly why: string } {
  const why = secretProblem(text, env);
  if (why !== undefined) return { why };
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
  const suggestion = suggestionFor(setupKey, env);
  if (found !== undefined) output.write(below(term`  ${found.text} ${found.why}.`, term``));
  const hint = suggestion === undefined ? term`such as ${example}` : term`Enter for ${suggestion}`;
  let former = "";
  for (;;) {
    const typed = await ask(beside(below(term`${question} (${key}),`, term``), hint, term`: `));
    if (typed === undefined) return undefined;
    const text = typed.trim() === "" ? (suggestion ?? "") : typed.trim();
    const answer = checkedAnswer(setupKey, text, former, env);
    if ("value" in answer) return answer.value;
    output.write(terminalLines([`  ${answer.objection}`, ""]));
    former = text;
  }
}

/** What the shell has for the key, where it can be used. */
function suggestionFor(setupKey: SetupKey, env: Environment): string | undefined {
  const suggested = setupKey.variables.flatMap((name) => envVar(env, name) ?? []).at(0);
  return suggested !== undefined && "value" in readTyped(setupKey, suggested, env) ? suggested : undefined;
}

/** @param former What was typed before: the same text again stands, however odd it is. */
function checkedAnswer(
  setupKey: SetupKey,
  text: string,
  former: string,
  env: Environment,
): { readonly value: string | readonly string[] } | { readonly objection: string } {
  if (text === "") return { objection: "A value is needed." };
  const read = readTyped(setupKey, text, env);
  if ("why" in read) return { objection: `${withoutSecrets(text, env)} ${read.why}.` };
  const oddity = text === former ? undefined : setupKey.oddity?.(text);
  if (oddity === undefined) return read;
  return { objection: `${text} ${oddity} To use it, type it again.` };
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
