import { primaryIdentity, textAt, type User } from "../../../auth0/user.ts";
import { fieldValue, markup, timeElement, type Markup } from "../../../lib/html.ts";
import { reasonWords } from "../../../policy/reason-words.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { blockNote } from "../../people/block-state.ts";
import { nextLogin } from "../../people/next-login.ts";
import { ownPicture, reviewNote } from "../../people/review-state.ts";
import { seenOf } from "../../people/seen-picture.ts";
import type { ConsoleContext } from "../console-context.ts";
import { nameOf } from "../person-name.ts";
import type { Allowed } from "./allowed-decisions.ts";

/** What a card is made with, besides its user. */
export interface CardContext extends Pick<ConsoleContext, "base" | "users" | "pictureAddress"> {
  readonly settings: PictureSettings;
  readonly allowed: Allowed;
}

/** What a card says besides. */
export interface CardNote {
  readonly kind: "changed" | "undone" | "settled";
  readonly words: string;
}

/** Characters of a reason; users with many are no harm, but a page must show it. */
export const longestReason = 500;

/**
 * A user's own picture, large enough to judge, with what helps to: who it is of, whether logins show it, and when the profile was changed.
 * It works as a form; `browser/queue.ts` makes more of it.
 */
export function reviewCard(user: User, context: CardContext, note?: CardNote): Markup {
  const { base, users, allowed } = context;
  const [key, name] = [users.of(user.user_id), nameOf(user)];
  const id = `card-${key}`;
  const state = note?.kind === "settled" ? "settled" : "open";
  const mayJudge = state === "open" && (allowed.fine || allowed.block || allowed.clear);
  return markup`<li>
<article class="judged" id="${id}" aria-labelledby="${id}-name" data-key="${key}" data-seen="${seenOf(user)}" data-state="${state}" data-note="${note?.kind ?? ""}">
<div class="frame">${picture(user, name, context)}${mayJudge ? pick(name) : ""}</div>
<div class="about">
<h2 id="${id}-name"><a href="${base}/person/${key}"><bdi>${name}</bdi></a></h2>
${facts(user, context.settings)}
${mayJudge ? forms(key, name, seenOf(user), context) : ""}
<p class="outcome">${note?.words ?? ""}</p>
</div>
</article>
</li>`;
}

function picture(user: User, name: string, { pictureAddress }: CardContext): Markup {
  const own = ownPicture(user);
  if (own === undefined) return markup`<p class="hint">No own picture</p>`;
  return markup`<img src="${pictureAddress(own)}" alt="Own picture of ${name}" width="300" height="300" loading="lazy" decoding="async">`;
}

/** Of use to the script alone, which shows it. */
function pick(name: string): Markup {
  return markup`<label class="pick" hidden><input type="checkbox"> Select<span class="unseen"> ${name}</span></label>`;
}

function facts(user: User, settings: PictureSettings): Markup {
  const { connection } = primaryIdentity(user);
  const changed = textAt(user, "updated_at");
  const [block, review] = [blockNote(user), reviewNote(user)];
  return markup`<p class="hint">${connection}${changed === undefined ? "" : markup` · changed ${timeElement(new Date(changed), "day")}`}</p>
<p class="hint">${loginWords(user, settings)}</p>
${block === undefined ? "" : markup`<p class="note">Blocked: ${block}</p>`}${review === undefined ? "" : markup`<p class="note">Already ${review}</p>`}`;
}

function loginWords(user: User, settings: PictureSettings): string {
  const { reason, picture } = nextLogin(user, settings);
  const words = reasonWords[reason];
  return picture === ownPicture(user)
    ? `The next login shows it: ${words}.`
    : `The next login does not show it: ${words}.`;
}

/** Blocking stands in a form of its own: Enter in its field must not press another button. */
function forms(key: string, name: string, seen: string, { base, allowed }: CardContext): Markup {
  const fields = markup`<input type="hidden" name="key" value="${key}"><input type="hidden" name="seen" value="${fieldValue(seen)}">`;
  const whose = markup`<span class="unseen"> the picture of ${name}</span>`;
  const button = (value: string, text: string, style: string) =>
    markup`<button class="${style}" name="decision" value="${value}">${text}${whose}</button>`;
  const plain = [
    ...(allowed.fine ? [button("fine", "Fine", "main")] : []),
    ...(allowed.clear ? [button("clear", "Clear", "plain")] : []),
  ];
  const form = (content: readonly Markup[], style: string) =>
    markup`<form method="post" action="${base}/decisions" class="${style}">${fields}${content}</form>`;
  const reason = markup`<label>Reason <input type="text" name="reason" list="reasons" required maxlength="${longestReason}" autocomplete="off"></label>`;
  const block = markup`<details><summary>Block…${whose}</summary>${form([reason, button("block", "Block", "danger")], "blocking")}</details>`;
  return markup`<div class="judgement">${plain.length > 0 ? form(plain, "row") : ""}${allowed.block ? block : ""}</div>`;
}
