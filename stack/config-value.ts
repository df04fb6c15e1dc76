import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { parseJson } from "../lib/json.ts";
import { actionList } from "./actions.ts";
import { uploadKeysIn } from "./upload-folders.ts";

/** What is wrong with a value, and what to do about it; both complete a sentence after the key's name. */
export interface Problem {
  readonly why: string;
  readonly remedy: string;
}

type Parsed<T> = { readonly value: T } | { readonly problem: Problem };

/** Reads one value, as `pulumi config` gives it: text, with lists and numbers as JSON. */
export type Parser<T> = (text: string) => Parsed<T>;

export function value<T>(parsed: T): Parsed<T> {
  return { value: parsed };
}

export function problem(why: string, remedy: string): { readonly problem: Problem } {
  return { problem: { why, remedy } };
}

export function oneOf<T extends string>(...choices: readonly T[]): Parser<T> {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return value(choice);
    return problem(`is not one of ${choices.join(", ")}`, `use ${choices.join(", ")}`);
  };
}

export const trueOrFalse: Parser<boolean> = (text) => {
  if (text === "true" || text === "false") return value(text === "true");
  return problem("is neither true nor false", "use true or false");
};

export function matching(pattern: RegExp, is: string, remedy: string): Parser<string> {
  return (text) => (pattern.test(text) ? value(text) : problem(`is not ${is}`, remedy));
}

export function integerBetween(least: number, most: number): Parser<number> {
  return (text) => {
    const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return value(number);
    return problem(`is not a whole number from ${least} to ${most}`, `use a number from ${least} to ${most}`);
  };
}

/** A JSON list of texts, each read by `parseItem`; the first item that is wrong is named. */
export function listOf<T>(parseItem: Parser<T>): Parser<readonly T[]> {
  return (text) => {
    const items = parseJson(text);
    if (!Array.isArray(items))
      return problem("is not a list", 'use a list of strings such as ["one", "two"]');
    const read: T[] = [];
    for (const item of items as unknown[]) {
      if (typeof item !== "string")
        return problem(`holds ${JSON.stringify(item)}, not a string`, "use only strings");
      const parsed = parseItem(item);
      if ("problem" in parsed) {
        return problem(`holds ${JSON.stringify(item)}, which ${parsed.problem.why}`, parsed.problem.remedy);
      }
      read.push(parsed.value);
    }
    return value(read);
  };
}

const choices = "first, last, before:NAME and after:NAME";

/** Config key `flowPosition`. Whether the named Action is bound, the preview finds out. */
export const flowPosition: Parser<string> = (text) => {
  if (text === "first" || text === "last") return value(text);
  const name = /^(?:before|after):(\S.*)$/s.exec(text)?.[1];
  if (name === undefined) return problem(`is not one of ${choices}`, `use one of ${choices}`);
  if (actionList.some((action) => action.name === name)) {
    return problem(`names ${name}, which is one of this project's own Actions`, "name a foreign Action");
  }
  return value(text);
};

/** The name of an Action or a connection, as an item of a list. */
export const resourceName: Parser<string> = (text) =>
  /^\S(.*\S)?$/s.test(text)
    ? value(text)
    : problem("is not a name", "use the name as Auth0's dashboard shows it");

/** Config key `connectionSync`. */
export const connectionSync: Parser<"on_first_login"> = (text) => {
  const remedy = "use on_first_login";
  if (text === "on_first_login") return value(text);
  if (text === "never_on_login") {
    return problem(
      "would also stop users from being created at their first login through the connection",
      remedy,
    );
  }
  if (text === "on_each_login") {
    return problem(
      "is Auth0's default, which overwrites pictures",
      `${remedy}, or remove the connections from key connections`,
    );
  }
  return problem("is not on_first_login", remedy);
};

/** Auth0 takes RSA keys for RS256. That shorter ones than 2048 bits are refused is our rule. */
const leastBits = 2048;

/** One of `clientPublicKeys`, as PEM. A private key there would be readable in the stack's file. */
export const clientPublicKey: Parser<string> = (text) => {
  if (text.includes("PRIVATE KEY")) {
    return problem("is a private key", "remove it, create a new pair, and put only its public key there");
  }
  const refusal = rsaRefusal(() => createPublicKey(text));
  return refusal === undefined ? value(text) : problem(refusal, "use what pictures keys create writes");
};

/**
 * A private key as PEM. The value is only whether there is one: the program has no use for the key, and what it does
 * not hold it cannot leak. No value and no part of one is in the problem.
 */
export const clientPrivateKey: Parser<true> = (text) => {
  const refusal = rsaRefusal(() => createPrivateKey(text));
  return refusal === undefined ? value(true) : problem(refusal, "use what pictures keys create writes");
};

/** The value is only whether there is one, as of the client's private key: the program does not upload pictures. */
export const uploadKey: Parser<true> = (text) =>
  uploadKeysIn(text) === undefined
    ? problem("is not a key of 32 or more bytes in base64", "use what openssl rand -base64 32 prints")
    : value(true);

function rsaRefusal(read: () => KeyObject): string | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = read();
    if (asymmetricKeyType !== "rsa") return `is a key of type ${asymmetricKeyType ?? "secret"}, not RSA`;
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < leastBits ? `is a key of ${bits} bits, fewer than ${leastBits}` : undefined;
  } catch {
    return "is not a key in PEM form";
  }
}

/** The current client's number, and its successor's while both exist. */
export const clientGenerations: Parser<readonly number[]> = (text): Parsed<readonly number[]> => {
  const numbers = parsedNumbers(text);
  const [current = 0, next = current + 1, ...others] = numbers;
  const isWhole = numbers.every((number) => Number.isSafeInteger(number) && number > 0);
  if (numbers.length > 0 && isWhole && next > current && others.length === 0) return value(numbers);
  return problem(
    "is not the number of a client, or of a client and a later one",
    "use a list such as [1], and [1, 2] while both exist",
  );
};

function parsedNumbers(text: string): number[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map((item) => (typeof item === "number" ? item : NaN)) : [];
  } catch {
    return [];
  }
}
