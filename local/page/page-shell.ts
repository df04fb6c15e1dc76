import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import { escapeHtml } from "../../lib/html.ts";
import { style } from "./style.ts";

export interface Shell {
  readonly title: string;
  /** HTML below the title, inside the header. */
  readonly intro: string;
  /** HTML of the main part. */
  readonly main: string;
}

/** A whole page of ours: one style, no script, nothing from elsewhere. */
export function pageShell({ title, intro, main }: Shell): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${intro}
</header>
<main>
${main}
</main>
</body>
</html>
`;
}

/** Why something did not work, and the way back. */
export function errorPage(message: string): string {
  return pageShell({
    title: "That did not work",
    intro: "",
    main: `<p class="error" role="alert">${escapeHtml(message)}</p><p><a href="/">Back to the users</a></p>`,
  });
}

const styleHash = createHash("sha256").update(style).digest("base64");

/** @param pictureOrigin The only place besides the page itself that a browser may load pictures from. */
export function sendPage(
  reply: FastifyReply,
  html: string,
  { status, pictureOrigin }: { status: number; pictureOrigin: string },
): FastifyReply {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `img-src data: ${pictureOrigin}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return reply
    .code(status)
    .headers({
      "cache-control": "no-store",
      "content-security-policy": policy.join("; "),
      // With "no-referrer" a browser would send a form's origin as "null".
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    })
    .type("text/html; charset=utf-8")
    .send(html);
}
