import type { FastifyReply } from "fastify";
import { htmlPage, markup, type HtmlPage, type PageOptions } from "../../lib/html.ts";

interface Shell extends Pick<PageOptions, "title" | "intro" | "main"> {
  /** The only place besides the page itself that a browser may load pictures from. */
  readonly pictureOrigin: string;
}

/** A whole page of ours. Its forms say where they were sent from, which `sameOriginOnly` asks for. */
export function pageShell(shell: Shell): HtmlPage {
  return htmlPage({ ...shell, style, forms: "own-origin", referrer: "same-origin" });
}

/** Why something did not work, and the way back. */
export function errorPage(message: string, pictureOrigin: string): HtmlPage {
  return pageShell({
    title: "That did not work",
    main: markup`<p class="error" role="alert">${message}</p><p><a href="/">Back to the users</a></p>`,
    pictureOrigin,
  });
}

export function sendPage(reply: FastifyReply, { html, headers }: HtmlPage, status = 200): FastifyReply {
  return reply.code(status).headers(headers).send(html);
}

/** Besides the style that all pages share. */
const style = `
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.5rem 0 0; }
ul, ol { padding: 0; list-style: none; margin: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.card { position: relative; }
.card:target { outline: 3px solid var(--accent); }
.user .why { display: flow-root; min-height: 3.8rem; }
.user dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
.user dd + dt { margin-top: 0.4rem; }
.actions, .row { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; padding-top: 0.6rem; }
button {
  font: inherit; padding: 0.35rem 0.8rem; border: 1px solid var(--accent); border-radius: 0.4rem;
  background: transparent; color: var(--accent); cursor: pointer;
}
button.main { background: var(--accent); color: var(--on-accent); font-weight: 600; }
details { margin-top: 0.6rem; }
summary { cursor: pointer; }
label { display: block; font-weight: 600; font-size: 0.9rem; margin-top: 0.4rem; }
input {
  width: 100%; font: inherit; padding: 0.35rem 0.5rem; margin-top: 0.2rem; color: inherit;
  background: var(--ground); border: 1px solid var(--soft); border-radius: 0.4rem;
}
.flow { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20.5rem, 100%), 1fr)); counter-reset: step; }
.flow h3::before { counter-increment: step; content: counter(step) ". "; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 0.3rem 1rem; margin: 0.5rem 0 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.log > li { border-top: 1px solid var(--line); padding: 0.6rem 0; }
.log > li:first-child { border-top: 0; padding-top: 0; }
.log ul { padding-left: 1rem; }
@media (max-width: 30rem) {
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: 0.4rem; }
}
`;
