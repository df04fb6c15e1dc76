import { addedToUser, fieldsOfNoEvent, isEventUser, type LoginProfile } from "../../sandbox/login-event.ts";

/** In the place of a line's last bracket. */
const added = `,${JSON.stringify(addedToUser).slice(1)}`;

const fields = fieldsOfNoEvent.map((name) => ({ name, key: `"${name}":` }));

/**
 * JSON of `event.user`, made of the user's line by cutting out what no event has: to write a profile again takes longer than to read
 * it.
 *
 * @param line JSON of the profile, without white space around it.
 * @returns undefined where it cannot be told from the text alone; it is then written anew.
 */
export function eventUserText(line: string, profile: LoginProfile): string | undefined {
  if (!isEventUser(profile)) return undefined;
  const cuts: Cut[] = [];
  for (const { name, key } of fields) {
    if (!Object.hasOwn(profile, name)) continue;
    const cut = cutOf(line, key);
    if (cut === undefined) return undefined;
    cuts.push(cut);
  }
  // A key may be written with an escape, too.
  if (cuts.length > 0 && line.includes("\\u")) return undefined;
  return cutOut(line, cuts) + added;
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a root field and the comma before it are, if its value is no object. The key is written once, and the profile has it: so it
 * is that one. Within a text it would have backslashes.
 */
function cutOf(line: string, key: string): Cut | undefined {
  const start = line.indexOf(key);
  if (start === -1 || line[start - 1] !== "," || line.includes(key, start + key.length)) return undefined;
  plainValue.lastIndex = start + key.length;
  return plainValue.test(line) ? { start: start - 1, end: plainValue.lastIndex } : undefined;
}

const plainValue = /(?:"[^"\\]*"|-?[\d.]+|true|false|null)(?=[,}])/y;

/** The line without these parts and its last bracket. */
function cutOut(line: string, cuts: Cut[]): string {
  let text = "";
  let from = 0;
  for (const { start, end } of cuts.sort((one, other) => one.start - other.start)) {
    if (start > from) text += line.slice(from, start);
    from = end;
  }
  return text + line.slice(from, -1);
}
