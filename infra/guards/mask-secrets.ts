import { looksRandom, shortestSecret, tokenForms, written, type KnownSecret } from "./secrets-in-code.ts";

const mask = "[masked]";

/**
 * A text that may be shown in a public log: known secrets, tokens of a known form and whatever looks like a key are
 * masked. Somebody may have written one into an Action by hand.
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
