import { compileFunction } from "node:vm";

/** Makes the event of one login. */
export type MakeEvent = (user: object, logins: number) => object;

/** What is rarer is not worth compiling. */
const usesBefore = 50;

/** Kept before code of Actions may replace them, and before the modules are closed. */
const { parse, stringify } = JSON;
const { entries } = Object;
const { isArray } = Array;
const compile = compileFunction;

/**
 * Makes events of what they have beside the user, `stats` and `secrets`. An object that is made from a literal is new each time, and
 * takes a tenth of the time that its text takes to be parsed.
 */
export function eventMaker(circumstances: object): MakeEvent {
  const json = stringify(circumstances);
  let uses = 0;
  let make = parsedEvent(json);
  return (user, logins) => {
    // JSON is an expression of the language but for this name.
    if (uses < usesBefore && ++uses === usesBefore && !json.includes("__proto__")) make = compiledEvent(json);
    return make(user, logins);
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
