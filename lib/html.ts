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

/** Foreign text must not change the direction of the text beside it, or hide: such characters are replaced. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => (/\s/.test(character) ? " " : "\uFFFD"))
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text for a place between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; padding: 1.5rem 1rem; }
  main { max-width: 24rem; margin: 0 auto; }
  h1 { font-size: 1.4rem; }
  h2 { font-size: 1.05rem; margin-top: 2rem; }
  label { display: block; font-weight: 600; margin-top: 0.75rem; }
  input { width: 100%; box-sizing: border-box; font: inherit; padding: 0.5rem; }
  button { width: 100%; font: inherit; padding: 0.6rem; margin-top: 0.75rem; text-align: left; overflow-wrap: anywhere; }
  button.main { text-align: center; font-weight: 600; margin-top: 1.25rem; }
  .error { border-left: 0.3rem solid #c00; padding: 0.25rem 0.75rem; }
  .hint { font-size: 0.9rem; }
  code { overflow-wrap: anywhere; }
`;

/** A whole page with the tenant's own style and nothing from elsewhere. `body` is HTML. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
