/** HTML that may be put into a page as it is. Only {@link markup} makes it of what is not our own. */
export interface Markup {
  readonly html: string;
}

/** What a template takes: text, which is escaped, and markup, which is not. */
export type MarkupPart = string | number | Markup | readonly Markup[];

/**
 * A template's HTML. What stands in `${}` is text for a place between tags or in a quoted attribute, and escaped,
 * unless it is markup itself. (Its name is not `html`: Prettier would format those templates, the style's hash among them.)
 */
export function markup(literals: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  const rest = parts.map((part, index) => htmlOf(part) + (literals[index + 1] ?? ""));
  return { html: (literals[0] ?? "") + rest.join("") };
}

function htmlOf(part: MarkupPart): string {
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map(({ html }) => html).join("\n");
}

/** Nobody's text may turn the direction of what stands beside it, or hide: such characters are replaced. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => (/\s/.test(character) ? " " : "\uFFFD"))
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
