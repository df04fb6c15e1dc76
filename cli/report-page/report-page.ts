import { createHash } from "node:crypto";
import { markup, type Markup } from "./markup.ts";
import { style } from "./style.ts";

export interface ReportPage {
  readonly title: string;
  /** Below the title: of which stack, when, how many. */
  readonly intro: Markup;
  /** Mostly `section`s, each with an `h2`. */
  readonly main: Markup;
}

/** No script, nothing from elsewhere: pictures are in the page itself, so that opening it tells nobody anything. */
const contentPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A report as one HTML file that needs nothing else, for a screen of any width, light or dark, and for paper. */
export function reportPage({ title, intro, main }: ReportPage): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${contentPolicy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${intro}
</header>
<main>
${main}
</main>
</body>
</html>
`;
  return page.html;
}
