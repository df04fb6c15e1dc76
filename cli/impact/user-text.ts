import { addedToUser, fieldsOfNoEvent, isEventUser, type LoginProfile } from "../../sandbox/login-event.ts";

/** In the place of a line's last bracket. */
const added = `,${JSON.stringify(addedToUser).slice(1)}`;

const keys = new RegExp(`"(${fieldsOfNoEvent.join("|")})":`, "g");

/**
 * JSON of `event.user`, made of the user's line by cutting out what no event has: to write a profile again takes longer than to read
 * it.
 *
 * @param line JSON of the profile, without white space around it.
 * @returns undefined where it cannot be told from the text alone; it is then written anew.
 */
export function eventUserText(line: string, profile: LoginProfile): string | undefined {
  if (!isEventUser(profile)) return undefined;
  const cuts = cutsOf(
    line,
    fieldsOfNoEvent.filter((name) => Object.hasOwn(profile, name)),
  );
  return cuts && cutOut(line, cuts) + added;
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

/**
 * Where these root fields and the commas before them are, if their values are no objects. A key that is written once, and the
 * profile has it: so it is that one. Within a text it would have backslashes. A key may be written with an escape, too: then nothing
 * is cut.
 *
 * @returns undefined where that is not so.
 */
function cutsOf(line: string, names: readonly string[]): Cut[] | undefined {
  if (names.length === 0) return [];
  const cuts: Cut[] = [];
  const seen = new Set<string>();
  keys.lastIndex = 0;
  for (let key = keys.exec(line); key !== null; key = keys.exec(line)) {
    const [text, name = ""] = key;
    const start = key.index - 1;
    plainValue.lastIndex = key.index + text.length;
    if (seen.has(name) || line[start] !== "," || !plainValue.test(line)) return undefined;
    seen.add(name);
    cuts.push({ start, end: plainValue.lastIndex });
  }
  const isEach = seen.size === names.length && names.every((name) => seen.has(name));
  return isEach && !line.includes("\\u") ? cuts : undefined;
}

const plainValue = /(?:"[^"\\]*"|-?[\d.]+|true|false|null)(?=[,}])/y;

/** The line without these parts and its last bracket. */
function cutOut(line: string, cuts: readonly Cut[]): string {
  let text = "";
  let from = 0;
  for (const { start, end } of cuts) {
    if (start > from) text += line.slice(from, start);
    from = end;
  }
  return text + line.slice(from, -1);
}
