/**
 * The sentences of a Markdown text in their order, each on one line: of paragraphs, items and cells of tables. Without headings, code
 * blocks, comments, and the tables whose rows begin with code: those list codes, keys and fields.
 */
export function sentencesOf(markdown: string): readonly string[] {
  return markdown
    .replace(/^ *```[^]*?^ *```$/gm, "\n")
    .replace(/<!--[^]*?-->/g, "\n")
    .split(blockStart)
    .map((block) => block.replace(/\s+/g, " ").trim())
    .filter((block) => !notProse.test(block))
    .flatMap((block) => (block.startsWith("|") ? block.split(/(?<!\\)\|/) : [block]))
    .flatMap((text) => text.replace(/^(?:[-*]|\d+\.) /, "").split(sentenceEnd))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** An empty line, or the next line is an item, a row or a heading. */
const blockStart = /\n\s*\n|\n(?=\s*(?:[-*|] |\||\d+\. |#))/;

const notProse = /^#|^\| `[^`]*` *(?:\||,)|^\|[-| :]*$/;

/** Not after `e.g.` and the like: those are followed by small letters. */
const sentenceEnd = /(?<=[.!?][)*]*)\s+(?=[A-Z`"*[(])/;
