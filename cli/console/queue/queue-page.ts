import type { User } from "../../../auth0/user.ts";
import type { HtmlPage, Markup } from "../../../lib/html.ts";
import { fieldValue, markup } from "../../../lib/html.ts";
import { consolePage } from "../console-page.ts";
import type { ConsoleContext } from "../console-context.ts";
import type { Allowed } from "./allowed-decisions.ts";
import { decidedWords, judgementWords } from "./decision-words.ts";
import { foundParagraph } from "./found-words.ts";
import { queueStyle } from "./queue-style.ts";
import { nameOf } from "../person-name.ts";
import { longestReason, reviewCard, type CardContext } from "./review-card.ts";
import type { DeskEntry, ReviewDesk } from "./review-desk.ts";
import type { ReviewQueue } from "./review-queue.ts";

export interface QueuePageParts {
  readonly context: ConsoleContext;
  readonly cards: CardContext;
  readonly status: ReturnType<ReviewQueue["status"]>;
  readonly desk: Pick<ReviewDesk, "latest" | "shown">;
  readonly users: readonly User[];
  /** The place of the last result that was there when the page was made. */
  readonly results: number;
  /** Where those behind them begin in the queue, from 0. */
  readonly next: number;
  readonly isEnd: boolean;
  /** Why the queue, or the rest of it, cannot be read. */
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
}

/** The pictures that nobody has judged yet, the latest change first. */
export function queuePage(parts: QueuePageParts): HtmlPage {
  const { context, cards, users, isEnd, next, failure } = parts;
  const { base } = context;
  const { allowed } = cards;
  const isAll = isEnd && failure === undefined;
  const main = markup`
<div id="found">${foundParagraph(parts.status.finding)}</div>
<form method="post" action="${base}/look-again" class="row"><button>Look again</button><span class="hint">A login changes a profile too: newest change first is not newest picture first.</span></form>
${readOnlyNote(allowed)}
${failure === undefined ? "" : failed(failure.message, failure.code)}
${latestDecisions(parts)}
<ol class="judging" id="cards" aria-label="Pictures to judge" data-base="${base}" data-results="${parts.results}" data-next="${isAll ? "" : next}" data-may="${mayOf(allowed)}">
${users.map((user) => reviewCard(user, cards))}
</ol>
<p id="end" tabindex="-1"${isAll ? "" : markup` hidden`}>${users.length === 0 ? "There is no picture to judge." : "These are all pictures that nobody has judged yet."}</p>
${isAll || failure !== undefined ? "" : markup`<p id="next"><a href="${base}/?from=${next}">The next pictures</a></p>`}
${bar(base, allowed)}
${blockDialog(context.reasons)}
${helpDialog(allowed)}`;
  return consolePage(context, {
    title: "Pictures to judge",
    place: "queue",
    main,
    style: queueStyle,
    script: "queue.js",
  });
}

function mayOf({ fine, block, clear }: Allowed): string {
  return [...(fine ? ["fine"] : []), ...(block ? ["block"] : []), ...(clear ? ["clear"] : [])].join(" ");
}

function readOnlyNote({ fine, block, clear, missing }: Allowed): Markup | "" {
  if (missing === undefined) return "";
  const what =
    fine || block || clear ? "Not everything can be done here." : "You can look, but change nothing.";
  return markup`<p class="note" id="read-only">${what} ${missing}</p>`;
}

function failed(message: string, code: string): Markup {
  return markup`<p class="error" role="alert">The pictures cannot be read, so there may be more than are shown. ${message} <code>${code}</code></p>`;
}

/** What was decided last, for whoever has no script, or closed the page in between. */
function latestDecisions({ desk, context }: QueuePageParts): Markup | "" {
  const entries = desk.latest();
  if (entries.length === 0) return "";
  const items = entries.map((entry) => latestItem(entry, desk.shown(entry.userId), context));
  return markup`<section id="latest" aria-labelledby="latest-title"><h2 id="latest-title">Last decisions</h2><ul>${items}</ul></section>`;
}

function latestItem(
  { userId, judgement, decided }: DeskEntry,
  user: User | undefined,
  { base, users }: ConsoleContext,
): Markup {
  const wanted = judgementWords(judgement);
  const words = decided === undefined ? `${wanted}. Under way.` : decidedWords(wanted, decided);
  const isBad = decided !== undefined && (decided.outcome === "refused" || decided.outcome === "changed");
  const name = user === undefined ? userId : nameOf(user);
  return markup`<li class="${isBad ? "error" : "hint"}"><a href="${base}/person/${users.of(userId)}"><bdi>${name}</bdi></a>: ${words}</li>`;
}

/** Always in sight: what was said last, and what works everywhere. */
function bar(base: string, { fine, block, clear }: Allowed): Markup {
  const undo = markup`<form method="post" action="${base}/undo" id="undo"><button>Undo<span class="unseen"> the last decision</span></button></form>`;
  return markup`<div class="bar"><p id="said" role="status"></p><p id="count" class="hint"></p>
${fine || block || clear ? undo : ""}<button id="keys" type="button" hidden>Keys</button></div>`;
}

function blockDialog(reasons: readonly string[]): Markup {
  const options = reasons.map((reason) => markup`<option value="${fieldValue(reason)}"></option>`);
  const buttons = reasons.map((reason, index) => {
    const digit = index < 9 ? markup`<kbd>${index + 1}</kbd> ` : "";
    return markup`<li><button type="button" data-reason="${fieldValue(reason)}">${digit}${reason}</button></li>`;
  });
  const list = reasons.length === 0 ? "" : markup`<ol class="reasons">${buttons}</ol>`;
  return markup`<datalist id="reasons">${options}</datalist>
<dialog id="block" aria-labelledby="block-title"><h2 id="block-title">Block</h2>
${list}
<form method="dialog"><label>${reasons.length === 0 ? "Reason" : "Another reason"} <input type="text" id="reason" maxlength="${longestReason}" autocomplete="off"></label>
<div class="row"><button class="danger" value="block">Block</button><button type="button" data-close>Cancel</button></div></form></dialog>`;
}

const keys: readonly (readonly [string, string])[] = [
  ["← → ↑ ↓, Home, End", "go to another picture"],
  ["a", "fine: mark it as looked at"],
  ["b", "block it, with a reason: a number of the list, or typed"],
  ["c", "clear it: the default image is shown"],
  ["Space", "select it; a, b and c then act on all that are selected"],
  ["Esc", "select none"],
  ["u", "undo the last decision"],
  ["Enter", "open the person’s page"],
  ["/", "search for people"],
  ["?", "show these keys"],
];

function helpDialog({ fine, block, clear }: Allowed): Markup {
  const may = fine || block || clear;
  const shown = keys.filter(([key]) => may || !["a", "b", "c", "Space", "Esc", "u"].includes(key));
  const rows = shown.map(([key, what]) => markup`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`);
  return markup`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>${rows}</dl>
<label class="choice"><input type="checkbox" id="use-keys" checked> Use keys that are a single character</label>
<form method="dialog"><button class="main">Close</button></form></dialog>`;
}
