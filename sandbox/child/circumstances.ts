import { compileFunction } from "node:vm";

/** Makes the event of one login. */
export type MakeEvent = (user: object, logins: number) => object;

/** How many are kept: there are as many as connections. */
const mostKept = 1000;

/** Kept before code of Actions may replace them, and before the modules are closed. */
const { parse, stringify } = JSON;
const { entries } = Object;
const { isArray } = Array;
const compile = compileFunction;

/**
 * Makes events of the JSON of what they have beside the user, `stats` and `secrets`. An object that is made from a literal is new each
 * time, and takes a tenth of the time that its text takes to be parsed.
 */
export function keptCircumstances(): (json: string) => MakeEvent {
  const kept = new Map<string, { batches: number; make: MakeEvent }>();
  return (json) => {
    let found = kept.get(json);
    if (found === undefined) {
      if (kept.size >= mostKept) kept.clear();
      found = { batches: 0, make: parsedEvent(json) };
      kept.set(json, found);
    }
    found.batches += 1;
    // What is in one batch only is not worth compiling. JSON is an expression of the language but for this name.
    if (found.batches === 2 && !json.includes("__proto__")) found.make = compiledEvent(json);
    return found.make;
  };
}

function parsedEvent(json: string): MakeEvent {
  return (user, logins) => ({
    ...(parse(json) as object),
    secrets: {},
    stats: { logins_count: logins },
    user,
  });
}

/** The engine is fast with literals that are not nested: each is a statement of its own. */
function compiledEvent(json: string): MakeEvent {
  const statements: string[] = [];
  const expression = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return stringify(value);
    const text = isArray(value) ? `[${value.map(expression).join(",")}]` : `{${members(value).join(",")}}`;
    const name = `part${statements.length}`;
    statements.push(`const ${name}=${text};`);
    return name;
  };
  const members = (value: object): string[] =>
    entries(value).map(([key, inner]) => `${stringify(key)}:${expression(inner)}`);
  const own = members(parse(json) as object);
  const rest = ["secrets:{}", "stats:{logins_count:logins}", "user"];
  return compile(`${statements.join("")}return {${[...own, ...rest].join(",")}};`, [
    "user",
    "logins",
  ]) as MakeEvent;
}
