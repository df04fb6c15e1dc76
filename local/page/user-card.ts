import { escapeHtml } from "../../lib/html.ts";
import { parseUrl } from "../../lib/url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";
import { identityId, type UserProfile } from "../../tenant/state/user.ts";
import type { LoginLog } from "./login-log.ts";
import { emptyPicture, standIn } from "./stand-in.ts";

export interface CardContext {
  readonly logins: LoginLog;
  readonly source: PictureSource;
  /** Offered to users who have no picture of their own yet. */
  readonly samplePicture: string;
}

/** The id of a user's card, for links to it. */
export function cardId(userId: string): string {
  return `user-${Buffer.from(userId).toString("base64url")}`;
}

/** A user: the pictures before and after the last login, why, and what can be done. */
export function userCard(user: UserProfile, context: CardContext): string {
  const name = user.name ?? user.user_id;
  const id = cardId(user.user_id);
  return `<li class="card" id="${id}">
<article class="user" aria-labelledby="${id}-name">
<h3 id="${id}-name">${escapeHtml(name)}</h3>
<p class="hint"><code>${escapeHtml(user.user_id)}</code></p>
${pictures(user, name, context)}
<div class="why">${explanation(user, context.logins)}</div>
<div class="actions">
${loginForms(user, name)}
<a href="/local/login?user=${encodeURIComponent(user.user_id)}">Log in with this browser${ofUser("as", name)}</a>
</div>
${changes(user, name, id, context.samplePicture)}
${values(user, name, context.logins)}
</article>
</li>`;
}

/** A button, or one for each of several identities. */
function loginForms(user: UserProfile, name: string): string {
  const label = `Log in${ofUser("as", name)}`;
  const form = (button: string) =>
    `<form method="post" action="/local/login">${userField(user)}\n${button}</form>`;
  if (user.identities.length < 2) return form(`<button class="main" type="submit">${label}</button>`);
  const forms = user.identities.map((identity) => {
    const id = escapeHtml(identityId(identity));
    const by = `${label} by ${escapeHtml(identity.connection)}`;
    return form(`<button class="main" type="submit" name="identity" value="${id}">${by}</button>`);
  });
  return forms.join("\n");
}

function pictures(user: UserProfile, userName: string, { logins, source }: CardContext): string {
  const login = logins.of(user.user_id);
  const after = login !== undefined && "claims" in login ? login.claims["picture"] : undefined;
  const none = login === undefined ? "No login yet" : "No picture";
  return `<div class="pictures">
${pictureFigure({ caption: "Before login", userName, picture: user.picture, none: "No picture" }, source)}
${pictureFigure({ caption: "After login", userName, picture: after, none }, source)}
</div>`;
}

/** Why the last login showed what it showed, and what the next one will show where that is something else. */
function explanation(user: UserProfile, logins: LoginLog): string {
  const login = logins.of(user.user_id);
  const next = logins.next(user);
  const nextNote = `<p class="note">The next login: ${escapeHtml(reasonWords[next.reason])}</p>`;
  if (login === undefined) return nextNote;
  if ("refusal" in login) return `<p class="error">${escapeHtml(login.refusal)}</p>`;
  const { claims, decision } = login;
  const shown = typeof claims["picture"] === "string" ? claims["picture"] : null;
  const isAsDecided = shown === decision.picture;
  const isOutdated = next.reason !== decision.reason || next.picture !== decision.picture;
  return `<p><strong>${decision.reason}</strong>: ${escapeHtml(reasonWords[decision.reason])}</p>
${isAsDecided ? "" : '<p class="error">The Actions set another picture than this policy: the deployed Actions are different.</p>'}
${isOutdated ? nextNote : ""}`;
}

function changes(user: UserProfile, name: string, id: string, samplePicture: string): string {
  const own = user.user_metadata?.["picture"];
  const value = typeof own === "string" && own !== "" ? own : samplePicture;
  const isBlocked = user.app_metadata?.["picture_blocked"] === true;
  const [change, verb] = isBlocked ? ["unblock", "Unblock"] : ["block", "Block"];
  return `<details><summary>Change the picture${ofUser("of", name)}</summary>
<form method="post" action="/local/change">${userField(user)}
<label for="${id}-picture">URL of an own picture</label>
<input id="${id}-picture" name="picture" type="url" autocomplete="off" value="${escapeHtml(value)}">
<div class="row">
<button type="submit" name="change" value="set">Set</button>
<button type="submit" name="change" value="remove">Remove</button>
<button type="submit" name="change" value="clear">Clear</button>
<button type="submit" name="change" value="${change}">${verb}</button>
</div>
</form>
<p class="hint">Set, remove and clear act as the user (<code>user_metadata.picture</code>): a removed picture
shows the default image; after clear, the policy decides. Block acts as a moderator
(<code>app_metadata.picture_blocked</code>). A change shows at the next login.</p>
</details>`;
}

function values(user: UserProfile, name: string, logins: LoginLog): string {
  const login = logins.of(user.user_id);
  const claim = login !== undefined && "claims" in login ? login.claims["picture"] : undefined;
  const rows = [
    ["root picture", user.picture],
    ["user_metadata.picture", user.user_metadata?.["picture"]],
    ["app_metadata.picture_blocked", user.app_metadata?.["picture_blocked"]],
    ["picture claim", claim],
  ] as const;
  const items = rows.map(([term, value]) => {
    const text = value === undefined ? "none" : escapeHtml(JSON.stringify(value));
    return `<dt>${term}</dt><dd><code>${text}</code></dd>`;
  });
  return `<details><summary>Values${ofUser("of", name)}</summary><dl>${items.join("")}</dl></details>`;
}

/** Who is meant, for those who do not see which card they are in. */
function ofUser(preposition: string, name: string): string {
  return `<span class="unseen"> ${preposition} ${escapeHtml(name)}</span>`;
}

function userField({ user_id: userId }: UserProfile): string {
  return `<input type="hidden" name="user" value="${escapeHtml(userId)}">`;
}

/** Which pictures are of this machine, and what they are. */
interface PictureSource {
  /** Of the local S3 server: pictures of any other place are not loaded. */
  readonly origin: string;
  readonly settings: Pick<PictureSettings, "defaultUrl" | "allowedPrefixes">;
}

interface ShownPicture {
  /** Such as "Before login". */
  readonly caption: string;
  readonly userName: string;
  /** The URL; anything but a string is not a picture. */
  readonly picture: unknown;
  /** What to say where there is none. */
  readonly none: string;
}

/** A picture with its caption; one of elsewhere is a drawing that says so. */
function pictureFigure({ caption, userName, picture, none }: ShownPicture, source: PictureSource): string {
  if (typeof picture !== "string" || picture.trim() === "") {
    return figure(emptyPicture(`${userName}, ${caption.toLowerCase()}: ${none}`), caption, none);
  }
  const name = localName(picture, source);
  if (name === undefined) {
    const { what, svg } = standIn(picture);
    return figure(svg, caption, `Stand-in: ${what}`);
  }
  const alt = escapeHtml(`${userName}, ${caption.toLowerCase()}: ${name.toLowerCase()}`);
  return figure(`<img src="${escapeHtml(picture)}" alt="${alt}" width="104" height="104">`, caption, name);
}

/** What a picture of this machine is; undefined for one of elsewhere. */
function localName(picture: string, { origin, settings }: PictureSource): string | undefined {
  if (parseUrl(picture)?.origin !== origin) return undefined;
  if (picture === settings.defaultUrl) return "Default image";
  return settings.allowedPrefixes.some((prefix) => picture.startsWith(prefix))
    ? "Own picture"
    : "Local picture";
}

function figure(image: string, caption: string, what: string): string {
  return `<figure>${image}<figcaption>${escapeHtml(caption)}<span>${escapeHtml(what)}</span></figcaption></figure>`;
}

/** Each row of the policy as a sentence about the user. */
const reasonWords: Readonly<Record<Reason, string>> = {
  "not-asked": "The application did not request the profile, so it gets no picture claim.",
  blocked: "A moderator blocked the user's pictures: the default image.",
  off: "The application opted out of the policy: the unchanged root picture.",
  removed: "The user removed their picture: the default image.",
  user: "The user chose this picture.",
  missing: "There is no root picture: the default image.",
  placeholder: "The root picture is Auth0's initials placeholder: the default image.",
  "gravatar-disabled": "The user switched the Gravatar off: the default image.",
  "gravatar-never": "This environment never shows a Gravatar: the default image.",
  "gravatar-fallback": "The Gravatar, or the default image if there is none.",
  normalised: "The root picture, with its normalised https URL.",
  kept: "The root picture is allowed: it stays.",
  "root-refused":
    "The root picture cannot be shown, or a database user could have written its URL: the default image.",
  "social-replaced": "This environment replaces pictures of connections: the default image.",
};
