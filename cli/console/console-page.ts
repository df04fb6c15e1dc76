import { emptyFrame, figure, type Figure } from "../../lib/figure.ts";
import { htmlPage, markup, type HtmlPage, type Markup } from "../../lib/html.ts";
import type { ConsoleContext } from "./console-context.ts";
import { consoleStyle } from "./console-style.ts";

export type ConsolePlace = "queue" | "people" | "tenant";

export interface ConsolePageParts {
  readonly title: string;
  /** Which entry of the navigation the page is of. */
  readonly place?: ConsolePlace;
  readonly main: Markup;
  /** CSS after the style that all pages of the console share. */
  readonly style?: string;
  /** The name of a script of `browser/`. */
  readonly script?: string;
}

type PageContext = Pick<ConsoleContext, "base" | "stack" | "pictureOrigin">;

const places: readonly (readonly [ConsolePlace, string, string])[] = [
  ["queue", "", "To judge"],
  ["people", "people", "People"],
  ["tenant", "tenant", "Tenant"],
];

/** A whole page of the console. Its forms say where they were sent from, which the server asks for. */
export function consolePage(
  { base, stack, pictureOrigin }: PageContext,
  { title, place, main, style = "", script }: ConsolePageParts,
): HtmlPage {
  const entries = places.map(([name, path, text]) =>
    name === place
      ? markup`<li><a href="${base}/${path}" aria-current="page">${text}</a></li>`
      : markup`<li><a href="${base}/${path}">${text}</a></li>`,
  );
  return htmlPage({
    title,
    style: consoleStyle + style,
    intro: markup`<nav aria-label="Console"><ul>${entries}</ul><p class="hint">Stack <code>${stack}</code></p></nav>`,
    main,
    // A file that was sent and not stored yet is shown by the page's own server.
    pictureOrigin: `'self' ${pictureOrigin}`,
    forms: "own-origin",
    referrer: "same-origin",
    ...(script === undefined ? {} : { script: `${base}/script/${script}` }),
  });
}

/** Why something did not work, and the way back. */
export function consoleErrorPage(context: PageContext, message: string, code?: string): HtmlPage {
  const known = code === undefined ? "" : markup` <code>${code}</code>`;
  return consolePage(context, {
    title: "That did not work",
    main: markup`<p class="error" role="alert">${message}${known}</p><p><a href="${context.base}/">Back to the pictures</a></p>`,
  });
}

/** A person's picture, by the console's own address of it; an empty frame where there is none. */
export function consoleFigure(
  { pictureAddress }: Pick<ConsoleContext, "pictureAddress">,
  {
    url,
    none = "No picture",
    ...about
  }: Omit<Figure, "image"> & { readonly url: string | null; readonly none?: string },
): Markup {
  return url === null || url.trim() === ""
    ? figure({ ...about, what: none, image: { drawing: emptyFrame } })
    : figure({ ...about, image: { src: pictureAddress(url) } });
}
