import type { ActionRun } from "../../sandbox/flow.ts";
import { escapeHtml } from "../tenant/oidc/html.ts";
import type { LoggedFlow } from "./flow-log.ts";
import { timeElement } from "./time-element.ts";

/** The latest runs of the flow: each Action's duration, what it wrote to the console, and how it failed. */
export function logSection(flows: readonly LoggedFlow[]): string {
  const items = flows.map(({ at, result }) => {
    const claim = result.idTokenClaims["picture"];
    const outcome =
      typeof claim === "string" ? `picture claim <code>${escapeHtml(claim)}</code>` : "no picture claim";
    const denial = result.denied === undefined ? "" : denied(result.denied.cause, result.denied.reason);
    return `<li>${timeElement(at)}: ${outcome}${denial}
<ul>${result.actions.map(runItem).join("\n")}</ul></li>`;
  });
  const content =
    items.length === 0 ? "<p>No login ran yet.</p>" : `<ol class="card log">${items.join("\n")}</ol>`;
  return `<section aria-labelledby="log"><h2 id="log">Runs of the flow</h2>
<p class="hint">The newest first, of every application’s logins and refreshes. Load the page again to see more.</p>
${content}</section>`;
}

function denied(cause: string, reason: string): string {
  return `<p class="error">The login was ended (${escapeHtml(cause)}): ${escapeHtml(reason)}</p>`;
}

function runItem({ name, durationMs, console: lines, error }: ActionRun): string {
  const written = lines.map((line) => `<li><code>${escapeHtml(line)}</code></li>`).join("\n");
  return `<li>${escapeHtml(name)}, ${durationMs.toFixed(1)} ms${error === undefined ? "" : `<p class="error">${escapeHtml(error)}</p>`}
${lines.length === 0 ? "" : `<ul aria-label="Console of ${escapeHtml(name)}">${written}</ul>`}</li>`;
}
