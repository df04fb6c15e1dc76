import { allowedWords, rooms } from "../imports/rooms.ts";
import { code, markdownTable } from "./markdown-table.ts";

const section = /(<!-- rooms -->\n)[^]*(<!-- \/rooms -->)/;

/** docs/architecture.md with the list of rooms in its section for them. */
export function architecturePage(former: string): string {
  if (!section.test(former)) throw new Error("docs/architecture.md has lost its section for rooms.");
  const rows = Object.entries(rooms).map(([name, { holds, pure }]) => [
    code(name),
    holds,
    `${allowedWords(name, code)}${pure === true ? "; no package, nothing of Node" : ""}`,
  ]);
  const table = markdownTable(["room", "what it holds", "may import"], rows);
  return former.replace(section, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`);
}
