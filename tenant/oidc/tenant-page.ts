import { htmlPage, type HtmlPage, type Markup } from "../../lib/html.ts";

/** A page of the tenant's own: of a login, a logout, or why one does not work. Its forms end at the applications. */
export function tenantPage(title: string, main: Markup): HtmlPage {
  return htmlPage({ title, style, main, forms: "any" });
}

const style = `
header, main { max-width: 24rem; }
label { display: block; font-weight: 600; margin-top: 0.75rem; }
input { width: 100%; font: inherit; padding: 0.5rem; }
button { width: 100%; font: inherit; padding: 0.6rem; margin-top: 0.75rem; text-align: left; overflow-wrap: anywhere; }
button.main { text-align: center; font-weight: 600; margin-top: 1.25rem; }
`;
