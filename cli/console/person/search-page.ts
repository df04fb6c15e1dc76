import type { MatchingUsers } from "../../../auth0/tenant-users.ts";
import { primaryIdentity, textAt, type User } from "../../../auth0/user.ts";
import { fieldValue, markup, timeElement, type HtmlPage, type Markup } from "../../../lib/html.ts";
import { grouped } from "../../../lib/terminal.ts";
import { reasonWords } from "../../../policy/reason-words.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { nextLogin } from "../../people/next-login.ts";
import type { ConsoleContext } from "../console-context.ts";
import { consoleFigure, consolePage } from "../console-page.ts";
import { nameOf } from "../person-name.ts";

/** What a search found, as long as its page is kept. */
export interface Found extends MatchingUsers {
  readonly wanted: string;
  /** Whether they are those whose name or email only begins so. */
  readonly isBeginning: boolean;
}

/** A search that led to nobody. */
export interface Missed {
  readonly wanted: string;
  readonly message: string;
  readonly code?: string;
}

/** Where a person is searched for. */
export function searchPage(context: ConsoleContext, missed?: Missed): HtmlPage {
  const code = missed?.code === undefined ? "" : markup` <code>${missed.code}</code>`;
  const error =
    missed === undefined ? "" : markup`<p class="error" role="alert">${missed.message}${code}</p>`;
  return consolePage(context, {
    title: "People",
    place: "people",
    main: markup`${error}${form(context, missed?.wanted ?? "")}`,
  });
}

/** Several people: they are told apart, and each leads to the own page. */
export function foundPage(
  context: ConsoleContext,
  settings: PictureSettings,
  { wanted, found, total, isBeginning }: Found,
): HtmlPage {
  const cards = found.map((user) => card(context, settings, user));
  const what = isBeginning
    ? markup`Nobody has exactly this id, email or name. These ${grouped(total)} have a name or email that begins so.`
    : markup`${grouped(total)} people match.`;
  const more =
    total > found.length
      ? markup`<p class="note">The first ${found.length} of ${grouped(total)}: search for more of the name, for the email or for the id.</p>`
      : "";
  return consolePage(context, {
    title: "People",
    place: "people",
    main: markup`${form(context, wanted)}
<section aria-labelledby="found"><h2 id="found">Found</h2><p role="status">${what}</p>${more}
<ul class="cards">${cards}</ul></section>`,
  });
}

function form({ base }: ConsoleContext, wanted: string): Markup {
  return markup`<form method="post" action="${base}/people" role="search">
<label for="who">Email, name or user id</label>
<input type="search" id="who" name="who" value="${fieldValue(wanted)}" required maxlength="400" autocomplete="off" autocapitalize="off" spellcheck="false">
<p class="hint">The whole id or email, the exact name, nickname or user name, or the beginning of one (three letters or more).</p>
<p><button class="main">Search</button></p></form>`;
}

function card(context: ConsoleContext, settings: PictureSettings, user: User): Markup {
  const [name, email, lastLogin] = [nameOf(user), textAt(user, "email"), textAt(user, "last_login")];
  const { picture, reason } = nextLogin(user, settings);
  const { connection } = primaryIdentity(user);
  const last = lastLogin === undefined ? "never" : timeElement(new Date(lastLogin), "day");
  const shown = { caption: "Next login", of: name, what: reasonWords[reason], url: picture };
  return markup`<li class="card"><h3><a href="${context.base}/person/${context.users.of(user.user_id)}"><bdi>${name}</bdi></a></h3>
${consoleFigure(context, shown)}
<dl><dt>Email</dt><dd><bdi>${email ?? "none"}</bdi></dd><dt>Id</dt><dd><code>${user.user_id}</code></dd><dt>Connection</dt><dd>${connection}</dd><dt>Last login</dt><dd>${last}</dd></dl></li>`;
}
