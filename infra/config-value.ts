/** What is wrong with a value, and what to do about it; both complete a sentence after the key's name. */
export interface Problem {
  readonly why: string;
  readonly remedy: string;
}

export type Parsed<T> = { readonly value: T } | { readonly problem: Problem };

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
    if (!Array.isArray(items)) return problem("is not a list", 'use a list of texts such as ["one", "two"]');
    const read: T[] = [];
    for (const item of items as unknown[]) {
      if (typeof item !== "string")
        return problem(`holds ${JSON.stringify(item)}, not a text`, "use texts only");
      const parsed = parseItem(item);
      if ("problem" in parsed) {
        return problem(`holds ${JSON.stringify(item)}, which ${parsed.problem.why}`, parsed.problem.remedy);
      }
      read.push(parsed.value);
    }
    return value(read);
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
