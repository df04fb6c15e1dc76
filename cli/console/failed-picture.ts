import { markup } from "../../lib/html.ts";
import type { ConsolePicture } from "./console-pictures.ts";

/** The picture; a drawing of ours with the cause, where there is none. */
export function pictureOrWords(picture: ConsolePicture): {
  readonly bytes: Buffer;
  readonly contentType: string;
} {
  if ("bytes" in picture) return picture;
  const lines = linesOf(picture.failed).map(
    (line, index) => markup`<tspan x="150" y="${130 + index * 20}">${line}</tspan>`,
  );
  const { html } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" width="300" height="300">
<rect width="300" height="300" fill="#e3e7ed"/><rect x="8" y="8" width="284" height="284" rx="12" fill="none" stroke="#5a6675" stroke-width="3" stroke-dasharray="10 8"/>
<text fill="#27303b" font-family="sans-serif" font-size="15" text-anchor="middle">
<tspan x="150" y="100" font-weight="600">Cannot be shown</tspan>
${lines}</text></svg>`;
  return { bytes: Buffer.from(html), contentType: "image/svg+xml" };
}

/** Characters of a line, and how many lines there is room for. */
const room = { characters: 32, lines: 7 };

function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= room.characters)
      lines.push(word.slice(0, room.characters));
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.slice(0, room.lines);
}
