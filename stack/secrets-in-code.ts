import { envVar, type Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";
import { uploadKeysIn } from "./upload-folders.ts";

/** What must not be in any Action's code: everyone who may read Actions in the dashboard can read it. */
export interface KnownSecret {
  /** For people: where the secret comes from, such as `AUTH0_CLIENT_SECRET`. */
  readonly label: string;
  readonly value: string;
}

export interface CheckedCode {
  readonly name: string;
  readonly code: string;
}

/** A shorter value would be found by chance: `never`, `true`. */
const shortestSecret = 8;

/** Patterns that identify a token by its form; each from its issuer's documentation of the prefix. */
const tokenForms: readonly (readonly [what: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a JSON Web Token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ["an AWS access key id", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/],
  ["a Slack token", /\bxox[abeprs]-[\w-]{10,}/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a Pulumi access token", /\bpul-[0-9a-f]{40}\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a user name and a password in a URL", /\bhttps?:\/\/[^\s/:@"'`]+:[^\s/:@"'`]+@/],
];

/**
 * Fails where the code of an Action holds a secret: one that is known by its value, one of a known form, or a text that
 * looks random. The message never holds the secret.
 *
 * @param publicTexts Settings, which logins show to everybody: they may look random, such as a host's name.
 * @throws ExpectedError `secret-in-code`, naming every find with its Action and line.
 */
export function refuseSecretsInCode(
  bundles: readonly CheckedCode[],
  secrets: readonly KnownSecret[],
  publicTexts: readonly string[] = [],
): void {
  const finds = bundles.flatMap(({ name, code }) =>
    secretsIn(code, secrets, publicTexts).map((find) => `  - Action ${name} contains ${find}.`),
  );
  if (finds.length === 0) return;
  const remedy =
    "Everyone who may read the tenant's Actions could read it. Remove it from the source or the configuration; " +
    "if it was ever deployed, replace the secret itself.";
  throw new ExpectedError("secret-in-code", ["A secret would be deployed:", ...finds, remedy].join("\n"));
}

/** What each line of the code holds, in words. */
function secretsIn(code: string, secrets: readonly KnownSecret[], publicTexts: readonly string[]): string[] {
  const usable = secrets.filter(({ value }) => value.length >= shortestSecret);
  const known = usable.filter(({ value }) => written(value).some((text) => code.includes(text)));
  const lines = code.split("\n").flatMap((line, index) => {
    const what = tokenForms.find(([, form]) => form.test(line))?.[0] ?? randomText(line, publicTexts);
    return what === undefined ? [] : [`what looks like ${what}, in line ${index + 1}`];
  });
  return [...known.map(({ label }) => `the value of ${label}`), ...lines];
}

/** As it is, and as a string of JavaScript or JSON writes it: a key's line ends become `\n`. */
function written(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1)];
}

/** A text of this many letters and digits may be a key; Auth0's client secrets have 64. */
const shortestRandom = 32;
/** Bits for each character: 32 random hexadecimal digits have 3 at least, 32 of base64 have 4. */
const randomEntropy = { hexadecimal: 3, other: 4 } as const;

function randomText(line: string, publicTexts: readonly string[]): string | undefined {
  const literals = line.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];
  const texts = literals.filter((literal) => !publicTexts.includes(literal.slice(1, -1)));
  const runs = texts.flatMap((text) => text.match(/[\w+/=-]+/g) ?? []);
  return runs.some(looksRandom) ? "a key or a token" : undefined;
}

/** Whether a text may be a key: long enough, and of too many different characters for words. */
function looksRandom(text: string): boolean {
  if (text.length < shortestRandom || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) return entropy(text) >= randomEntropy.hexadecimal;
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text);
  return isMixed && !isMadeOfWords(text) && entropy(text) >= randomEntropy.other;
}

/** In a random text few letters stand in a row of three small ones; in a long name most do. */
function isMadeOfWords(text: string): boolean {
  const inWords = (text.match(/[a-z]{3,}/g) ?? []).join("").length;
  return inWords > 0.5 * text.length;
}

/** Shannon's, in bits for each character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

/** Variables of a deployment that hold secrets. */
const secretVariables = [
  "AUTH0_CLIENT_SECRET",
  "AUTH0_API_TOKEN",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
  "PICTURES_UPLOAD_KEY",
] as const;

/**
 * Every secret that a program run can see: the variables of its environment, and each encrypted value of the stack's
 * configuration, whosever key it is.
 *
 * @param config Every key of the stack with its namespace, values as text.
 */
export function knownSecrets(
  env: Environment,
  config: Readonly<Record<string, string>>,
  encrypted: ReadonlySet<string>,
): KnownSecret[] {
  const variables = secretVariables.map((label) => ({ label, value: envVar(env, label) ?? "" }));
  const values = [...encrypted].map((key) => ({
    label: `the encrypted config key ${key}`,
    value: config[key]?.trim() ?? "",
  }));
  return [...variables, ...values].filter(({ value }) => value !== "").flatMap(withItsParts);
}

/** Config key `uploadKey` may hold several keys, each of which is a secret by itself. */
function withItsParts({ label, value }: KnownSecret): KnownSecret[] {
  return [...new Set([value, ...(uploadKeysIn(value) ?? [])])].map((part) => ({ label, value: part }));
}

const mask = "[masked]";

/**
 * A text that may be shown in a public log: known secrets, tokens of a known form and everything that looks like a key are
 * masked. One may have been written into an Action by hand.
 */
export function maskSecrets(text: string, secrets: readonly KnownSecret[]): string {
  const usable = secrets.filter(({ value }) => value.length >= shortestSecret);
  const withoutKnown = usable
    .flatMap(({ value }) => written(value))
    .reduce((masked, value) => masked.replaceAll(value, mask), text);
  return withoutKnown.split("\n").map(maskLine).join("\n");
}

/** The hash in a bundle's header looks like a key and is none. */
function maskLine(line: string): string {
  if (/^[-+ ]?\/\/ Sources: sha256 [0-9a-f]{64}$/.test(line)) return line;
  const withoutTokens = tokenForms.reduce(
    (masked, [, form]) => masked.replace(new RegExp(form, "g"), mask),
    line,
  );
  return withoutTokens.replace(/[\w+/=-]{32,}/g, (run) =>
    looksRandom(run.replace(/^[+-]/, "")) ? mask : run,
  );
}
