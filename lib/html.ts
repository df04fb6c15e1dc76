import { createHash } from "node:crypto";
import { displayText } from "./display-text.ts";
import { baseStyle } from "./page-style.ts";

/** HTML that may be put into a page as it is. Only {@link markup} makes it of text that comes from outside. */
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
  if (typeof part === "string") return escaped(displayText(part, " "));
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map(({ html }) => html).join("\n");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The value of a form's field or button, for a quoted attribute: it comes back as it is, so no character is replaced. */
export function fieldValue(text: string): Markup {
  return { html: escaped(text) };
}

export interface PageOptions {
  readonly title: string;
  /** CSS after the style that all pages share. */
  readonly style: string;
  /** Below the title, in the header. */
  readonly intro?: Markup;
  readonly main: Markup;
  /** From where a browser may load pictures, besides the page itself: origins, as a policy lists them; `'self'` for the server that sends the page. */
  readonly pictureOrigin?: string;
  /** The address of the page's script, on the server that sends the page. The script may ask that server alone. */
  readonly script?: string;
  /**
   * Where forms may lead, `none` where it is left out. Browsers hold the redirects that follow a form to it too, so that a
   * page whose form ends at an application needs `any`.
   */
  readonly forms?: "none" | "own-origin" | "any";
  /** `no-referrer` where it is left out. With it a browser sends a form's origin as `null`. */
  readonly referrer?: "no-referrer" | "same-origin";
}

export interface HtmlPage {
  /** Says its own policy, so that it may be kept as a file. */
  readonly html: string;
  /** For a server that sends it: the same policy, and what a page cannot say itself. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A whole page for a screen of any width, light or dark: one style, no script but `script`, and nothing from elsewhere but the pictures of
 * `pictureOrigin`. Its content security policy allows no more than that.
 */
export function htmlPage({
  title,
  style,
  intro,
  main,
  referrer = "no-referrer",
  script,
  ...sources
}: PageOptions): HtmlPage {
  const wholeStyle = baseStyle + style;
  const policy = contentPolicy(wholeStyle, { ...sources, hasScript: script !== undefined });
  const { html } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="referrer" content="${referrer}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ html: wholeStyle }}</style>
${script === undefined ? "" : markup`<script src="${script}" defer></script>`}
</head>
<body>
<header>
<h1>${title}</h1>
${intro ?? ""}
</header>
<main>
${main}
</main>
</body>
</html>
`;
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": `${policy}; frame-ancestors 'none'`,
      "referrer-policy": referrer,
      "x-content-type-options": "nosniff",
    },
  };
}

const formActions = { none: ["form-action 'none'"], "own-origin": ["form-action 'self'"], any: [] } as const;

function contentPolicy(
  style: string,
  {
    pictureOrigin,
    forms = "none",
    hasScript,
  }: Pick<PageOptions, "pictureOrigin" | "forms"> & { readonly hasScript: boolean },
): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    `img-src data:${pictureOrigin === undefined ? "" : ` ${pictureOrigin}`}`,
    ...(hasScript ? ["script-src 'self'", "connect-src 'self'"] : []),
    "base-uri 'none'",
    ...formActions[forms],
  ].join("; ");
}

/**
 * A moment in UTC, with all of it for machines; an invalid date is named so.
 *
 * @param shows `day`: the date with hours and minutes. `time`: the time of day, to the second.
 */
export function timeElement(at: Date, shows: "day" | "time"): Markup {
  if (Number.isNaN(at.getTime())) return markup`at an unknown time`;
  const moment = at.toISOString();
  const shown = shows === "time" ? moment.slice(11, 19) : moment.slice(0, 16).replace("T", " ");
  return markup`<time datetime="${moment}">${shown} UTC</time>`;
}
