import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { problem, value, type Parsed, type Parser } from "./config-value.ts";

/** Auth0 takes RSA keys for RS256. That shorter ones than 2048 bits are refused is our rule. */
const leastBits = 2048;

/** One of `clientPublicKeys`, as PEM. A private key there would be readable in the stack's file. */
export const clientPublicKey: Parser<string> = (text) => {
  if (text.includes("PRIVATE KEY")) {
    return problem("is a private key", "remove it, make a new pair, and put only its public half there");
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

function rsaRefusal(read: () => KeyObject): string | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = read();
    if (asymmetricKeyType !== "rsa") return `is a key of type ${asymmetricKeyType ?? "secret"}, not RSA`;
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < leastBits ? `is a key of ${bits} bits, fewer than ${leastBits}` : undefined;
  } catch {
    return "is no key in PEM form";
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
