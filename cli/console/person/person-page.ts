import { textAt, type User } from "../../../auth0/user.ts";
import { markup, timeElement, type HtmlPage, type Markup } from "../../../lib/html.ts";
import { reasonWords } from "../../../policy/reason-words.ts";
import { describeFinding, findingWords } from "../../people/finding.ts";
import type { NotedWrite } from "../../people/history.ts";
import type { PersonFacts, PictureFact } from "../../people/person-facts.ts";
import { table } from "../../report-page/report-page.ts";
import type { ConsoleContext } from "../console-context.ts";
import { consoleFigure, consolePage } from "../console-page.ts";
import { nameOf } from "../person-name.ts";
import { personStyle } from "./person-style.ts";

export interface Person {
  readonly user: User;
  readonly facts: PersonFacts;
  /** Of this machine's journal, the oldest first. */
  readonly history: readonly NotedWrite[];
}

/**
 * All that is known of a person's picture, and what can be done.
 *
 * @param commands The forms, or why there are none.
 */
export function personPage(context: ConsoleContext, person: Person, commands: Markup): HtmlPage {
  const { user, facts, history } = person;
  return consolePage(context, {
    title: nameOf(user),
    place: "people",
    style: personStyle,
    main: markup`${[
      nowSection(context, person),
      picturesSection(context, person),
      ...(facts.faults.length === 0 ? [] : [faultsSection(facts)]),
      commands,
      profileSection(user, facts),
      historySection(history),
    ]}`,
  });
}

/** The page of a person whom the tenant does not have any more: what this machine wrote is still to be seen. */
export function gonePage(context: ConsoleContext, message: string, history: readonly NotedWrite[]): HtmlPage {
  return consolePage(context, {
    title: "Not in the tenant",
    place: "people",
    style: personStyle,
    main: markup`<p class="error" role="alert">${message} <code>user-not-found</code></p>
${historySection(history)}<p><a href="${context.base}/people">Search for a person</a></p>`,
  });
}

function nowSection(context: ConsoleContext, { user, facts }: Person): Markup {
  const { decision, block, review } = facts;
  const words = reasonWords[decision.reason];
  const shown = { caption: "Next login", of: nameOf(user), what: words, url: decision.picture };
  return markup`<section class="now" aria-labelledby="now">${consoleFigure(context, shown)}
<div><h2 id="now">The next login shows ${words}</h2>
<p>Reason: <code>${decision.reason}</code></p>
${block === undefined ? "" : markup`<p class="error">Blocked: ${block}</p>`}
${review === undefined ? "" : markup`<p>Own picture ${review}</p>`}
${facts.gravatarDisabled ? markup`<p>The user’s Gravatar is switched off.</p>` : ""}
<p class="hint">In an application that asks for the profile and does not opt out. A new picture that the provider sends with that login is not known here.</p>
<p class="row"><a href="#pictures">Pictures</a> <a href="#commands">Change</a> <a href="#profile">Profile</a> <a href="#history">History</a></p>
</div></section>`;
}

function picturesSection(context: ConsoleContext, { user, facts }: Person): Markup {
  const { own, root, copy } = facts;
  const card = (caption: string, fact: PictureFact, more = "") => {
    const shown = { caption, of: nameOf(user), what: fact.text, url: fact.url, none: fact.text };
    const note = fact.note === "" ? "" : markup`<p>${sentence(fact.note)}</p>`;
    const login = fact.isShown ? "The next login shows it." : "The next login does not show it.";
    const isThere = fact.url !== null && fact.url.trim() !== "";
    return markup`<li class="card">${consoleFigure(context, { ...shown, source: markup`<code>${fact.text}</code>` })}
${isThere ? markup`<p>${login}</p>` : ""}${note}${more === "" ? "" : markup`<p class="hint">${more}</p>`}</li>`;
  };
  return section(
    "pictures",
    "Pictures",
    markup`<ul class="cards">${[
      card("Own picture", own),
      card("Root picture", root, facts.rootFrom),
      ...(copy === undefined ? [] : [card("Copy of the root picture", copy, copy.at ?? "")]),
    ]}</ul>`,
  );
}

function faultsSection({ faults }: PersonFacts): Markup {
  const items = faults.map(
    (fault) => markup`<li class="card"><p>${sentence(describeFinding(fault))}</p>
${fault.detail === undefined ? "" : markup`<p class="hint">${fault.detail}</p>`}<p>${findingWords[fault.kind].remedy}.</p></li>`,
  );
  return section("faults", "To fix", markup`<ul class="cards">${items}</ul>`);
}

function profileSection(user: User, { connection, lastLogin, linked }: PersonFacts): Markup {
  const { identity, words } = connection;
  const text = (name: string) => textAt(user, name);
  const rows: readonly (readonly [string, Markup | undefined])[] = [
    ["Id", markup`<code>${user.user_id}</code>`],
    ["Email", emailOf(user)],
    ...(["name", "nickname", "username"] as const).map((name) => {
      const value = text(name);
      return [capital(name), value === undefined ? undefined : markup`<bdi>${value}</bdi>`] as const;
    }),
    ["Connection", markup`${identity.connection} (${identity.provider}); ${words}`],
    ["Last login", lastLogin === undefined ? markup`never` : timeElement(new Date(lastLogin), "day")],
    ...linked.map(
      ({ userId, connection: name }) =>
        ["Linked", markup`<code>${userId}</code>, connection ${name}`] as const,
    ),
  ];
  const items = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [markup`<dt>${name}</dt><dd>${value}</dd>`],
  );
  return section("profile", "Profile", markup`<dl class="card">${items}</dl>`);
}

function emailOf(user: User): Markup | undefined {
  const email = textAt(user, "email");
  if (email === undefined) return undefined;
  const verified = user["email_verified"] === true ? "verified" : "not verified";
  return markup`<bdi>${email}</bdi> (${verified})`;
}

function historySection(history: readonly NotedWrite[]): Markup {
  const hint = markup`<p class="hint">What pictures wrote from this machine. Changes from elsewhere are not in it.</p>`;
  if (history.length === 0) {
    return section("history", "History", markup`${hint}<p>Nothing was written from this machine.</p>`);
  }
  const columns = [
    { title: "When" },
    { title: "What" },
    { title: "By client" },
    { title: "Changed", kind: "text" as const },
  ];
  const rows = history.toReversed().map(({ at, command, undone, undoable, client, keys }) => {
    const state = undone ? markup` <strong>(undone)</strong>` : undoable ? "" : " (cannot be undone)";
    return [timeElement(new Date(at), "day"), markup`${command}${state}`, client, keys.join(", ")];
  });
  const caption = "Changes, the newest first";
  return section("history", "History", markup`${hint}${table({ caption, columns, rows })}`);
}

/** A part of a page with its heading. */
export function section(id: string, title: string, content: Markup): Markup {
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>`;
}

function sentence(text: string): string {
  return `${capital(text)}.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
