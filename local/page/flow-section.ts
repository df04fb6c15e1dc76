import { escapeHtml } from "../tenant/oidc/html.ts";
import type { BoundAction } from "./management-client.ts";
import { timeElement } from "./time-element.ts";

/** The Login flow: its Actions in the order in which they run. */
export function flowSection(actions: readonly BoundAction[]): string {
  const items = actions.map(
    ({ name, version, runtime, deployedAt }) => `<li class="card"><h3>${escapeHtml(name)}</h3>
<p>Version ${version}, deployed ${timeElement(new Date(deployedAt))}</p>
<p class="hint">Runtime ${escapeHtml(runtime)}</p></li>`,
  );
  const none = "<p>No Action is bound to post-login: every login shows the root picture.</p>";
  return `<section aria-labelledby="flow"><h2 id="flow">Login flow</h2>
${items.length === 0 ? none : `<ol class="flow">${items.join("\n")}</ol>`}</section>`;
}
