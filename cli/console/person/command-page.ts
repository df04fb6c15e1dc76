import type { User } from "../../../auth0/user.ts";
import { figure } from "../../../lib/figure.ts";
import { fieldValue, markup, type HtmlPage, type Markup } from "../../../lib/html.ts";
import type { Decision } from "../../../policy/decide.ts";
import { reasonWords } from "../../../policy/reason-words.ts";
import type { Foretelling } from "../../people/change-picture.ts";
import type { ConsoleContext } from "../console-context.ts";
import { consoleFigure, consolePage } from "../console-page.ts";
import type { Decided, Failure } from "../decisions/decided.ts";
import type { PersonCommand } from "../decisions/person-commands.ts";
import { nameOf } from "../person-name.ts";
import { personStyle } from "./person-style.ts";

/** A command that is asked for, as a form said it. */
export interface Asked {
  readonly command: PersonCommand;
  /** The person's key. */
  readonly key: string;
  /** The form's fields again, for the answer: what stands here comes back as it is. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What the command will do, and the question. Nothing is done yet. */
export function foretoldPage(
  context: ConsoleContext,
  asked: Asked,
  foretelling: Foretelling,
  changed?: Failure,
): HtmlPage {
  const { user, before, after, notes, faults, tokens, hasNothingToDo } = foretelling;
  const told = [...notes, ...faults, ...(tokens === undefined ? [] : [tokens])];
  return page(context, asked, user, [
    changed === undefined ? markup`` : failureWords(changed),
    hasNothingToDo
      ? markup`<p role="status">It is already like this, so there is nothing to do.</p>`
      : markup`<p>This is what will be done. Nothing is changed yet.</p>`,
    outlook(context, user, { before, after, file: heldFile(context, asked) }),
    markup`<ul>${told.map((note) => markup`<li><p>${note}</p></li>`)}</ul>`,
    hasNothingToDo ? markup`` : question(context, asked, foretelling),
  ]);
}

function question({ base }: ConsoleContext, { command, key, fields }: Asked, { seen }: Foretelling): Markup {
  const hidden = Object.entries({ ...fields, seen, answer: "yes" }).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${fieldValue(value)}">`,
  );
  const isFinal = command.isFinal;
  return markup`<form method="post" action="${base}/person/${key}/${command.name}">${hidden}
${isFinal ? markup`<p class="final">This cannot be undone.</p>` : ""}
<div class="row"><button class="${isFinal ? "danger" : "main"}">${command.title}</button>
<a href="${base}/person/${key}">No, change nothing</a></div></form>`;
}

/** What became of a command, kept so that its page can be loaded again. */
export function decidedPage(context: ConsoleContext, asked: Asked, user: User, decided: Decided): HtmlPage {
  return page(context, asked, user, [wordsOf(context, asked, user, decided), leave(context, asked)]);
}

/** Why a command cannot be foretold, and so not be done. */
export function refusedPage(context: ConsoleContext, asked: Asked, user: User, failure: Failure): HtmlPage {
  return page(context, asked, user, [
    failureWords(failure),
    markup`<p>Nothing was changed.</p>`,
    leave(context, asked),
  ]);
}

function leave({ base }: ConsoleContext, { key }: Asked): Markup {
  return markup`<p><a href="${base}/person/${key}">Back to the person</a></p>`;
}

function wordsOf(context: ConsoleContext, { command }: Asked, user: User, decided: Decided): Markup {
  if (decided.outcome === "unchanged")
    return markup`<p role="status">Nothing was changed. ${decided.why}</p>`;
  if (decided.outcome !== "done") return markup`${failureWords(decided)}`;
  const { before, after, lines, failedAfter } = decided;
  return markup`<p role="status">Done. An application shows it after the user’s next login there.</p>
${failedAfter === undefined ? "" : failureWords(failedAfter)}
${outlook(context, user, { before: command.isFinal ? undefined : before, after, isDone: true })}
<ul>${lines.map((line) => markup`<li><p>${line}</p></li>`)}</ul>`;
}

function failureWords({ message, code }: Failure): Markup {
  return markup`<p class="error" role="alert">${message} <code>${code}</code></p>`;
}

interface Outlook {
  /** Undefined where it is not to be seen again. */
  readonly before: Decision | undefined;
  readonly after: Decision;
  /** Where the file is that is to be set: its address in the bucket leads nowhere yet. */
  readonly file?: string | undefined;
  readonly isDone?: boolean;
}

function heldFile({ base }: ConsoleContext, { fields: { held } }: Asked): string | undefined {
  return held === undefined ? undefined : `${base}/person/file/${held}`;
}

/** Both pictures beside each other; one where logins show the same as before. */
function outlook(
  context: ConsoleContext,
  user: User,
  { before, after, file, isDone = false }: Outlook,
): Markup {
  const of = nameOf(user);
  const shown = (caption: string, { picture: url, reason }: Decision) =>
    consoleFigure(context, { caption, of, what: reasonWords[reason], url });
  const isSame = before?.picture === after.picture && before.reason === after.reason;
  if (isSame) return markup`<div class="outlook">${shown("As before", after)}</div>`;
  const what = reasonWords[after.reason];
  const next =
    file !== undefined && after.reason === "user"
      ? figure({ caption: "Next login", of, what, image: { src: file } })
      : shown("Next login", after);
  const former = before === undefined ? [] : [shown(isDone ? "Before" : "Now", before)];
  return markup`<div class="outlook">${[...former, next]}</div>`;
}

function page(context: ConsoleContext, { command }: Asked, user: User, parts: readonly Markup[]): HtmlPage {
  return consolePage(context, {
    title: `${command.title}: ${nameOf(user)}`,
    place: "people",
    style: personStyle,
    main: markup`<p class="hint"><code>${user.user_id}</code></p>${parts}`,
  });
}
