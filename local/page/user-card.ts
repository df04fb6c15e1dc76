import { emptyFrame, figure } from "../../lib/figure.ts";
import { fieldValue, markup, type Markup } from "../../lib/html.ts";
import { parseUrl } from "../../lib/url.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { identityId, type SeedUser, type UserProfile } from "../../tenant/state/user.ts";
import type { LoginLog } from "./login-log.ts";
import { standIn } from "./stand-in.ts";

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
export function userCard(user: UserProfile, context: CardContext): Markup {
  const name = user.name ?? user.user_id;
  const id = cardId(user.user_id);
  return markup`<li class="card" id="${id}">
<article class="user" aria-labelledby="${id}-name">
<h3 id="${id}-name">${name}</h3>
<p class="hint"><code>${user.user_id}</code></p>
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
function loginForms(user: UserProfile, name: string): readonly Markup[] {
  const label = markup`Log in${ofUser("as", name)}`;
  const form = (button: Markup) =>
    markup`<form method="post" action="/local/login">${userField(user)}\n${button}</form>`;
  if (user.identities.length < 2) return [form(markup`<button class="main" type="submit">${label}</button>`)];
  return user.identities.map((identity) => {
    const id = fieldValue(identityId(identity));
    const by = markup`${label} by ${identity.connection}`;
    return form(markup`<button class="main" type="submit" name="identity" value="${id}">${by}</button>`);
  });
}

function pictures(user: UserProfile, of: string, { logins, source }: CardContext): Markup {
  const login = logins.of(user.user_id);
  const after = login !== undefined && "claims" in login ? login.claims["picture"] : undefined;
  const none = login === undefined ? "No login yet" : "No picture";
  const isCopy = login !== undefined && "decision" in login && login.decision.reason === "copy";
  return markup`<div class="pictures">
${pictureFigure({ caption: "Before login", of, picture: user.picture, none: "No picture" }, source)}
${pictureFigure({ caption: "After login", of, picture: after, none, isCopy }, source)}
</div>`;
}

/** Why the last login showed what it showed, and what the next one will show where that is something else. */
function explanation(user: UserProfile, logins: LoginLog): Markup {
  const login = logins.of(user.user_id);
  const next = logins.next(user);
  const nextNote = markup`<p class="note">The next login: ${reasonWords[next.reason]}.</p>`;
  if (login === undefined) return nextNote;
  if ("refusal" in login) return markup`<p class="error">${login.refusal}</p>`;
  const { claims, decision } = login;
  const shown = typeof claims["picture"] === "string" ? claims["picture"] : null;
  const isOutdated = next.reason !== decision.reason || next.picture !== decision.picture;
  const otherPolicy = markup`<p class="error">The Actions set another picture than this policy: the deployed Actions are different.</p>`;
  return markup`<p><strong>${decision.reason}</strong>: ${reasonWords[decision.reason]}.</p>
${shown === decision.picture ? "" : otherPolicy}
${isOutdated ? nextNote : ""}`;
}

function changes(user: UserProfile, name: string, id: string, samplePicture: string): Markup {
  const own = user.user_metadata?.["picture"];
  const value = typeof own === "string" && own !== "" ? own : samplePicture;
  const isBlocked = user.app_metadata?.["picture_blocked"] === true;
  const [change, verb] = isBlocked ? ["unblock", "Unblock"] : ["block", "Block"];
  return markup`<details><summary>Change the picture${ofUser("of", name)}</summary>
<form method="post" action="/local/change">${userField(user)}
<label for="${id}-picture">URL of an own picture</label>
<input id="${id}-picture" name="picture" type="url" autocomplete="off" value="${fieldValue(value)}">
<div class="row">
<button type="submit" name="change" value="set">Set</button>
<button type="submit" name="change" value="clear">Clear</button>
<button type="submit" name="change" value="use-original">Use original</button>
<button type="submit" name="change" value="${change}">${verb}</button>
</div>
</form>
<p class="hint">Set, clear and use original act as the user (<code>user_metadata.picture</code>): clear shows the
default image; after use original, the profile’s picture decides again. Block acts as a moderator
(<code>app_metadata.picture_blocked</code>). A change shows at the next login.</p>
</details>`;
}

function values(user: UserProfile, name: string, logins: LoginLog): Markup {
  const login = logins.of(user.user_id);
  const claim = login !== undefined && "claims" in login ? login.claims["picture"] : undefined;
  const rows = [
    ["root picture", user.picture],
    ["user_metadata.picture", user.user_metadata?.["picture"]],
    ["app_metadata.picture_blocked", user.app_metadata?.["picture_blocked"]],
    ["app_metadata.picture_copy", user.app_metadata?.["picture_copy"]],
    ["picture claim", claim],
  ] as const;
  const items = rows.map(([term, value]) => {
    const text = value === undefined ? "none" : JSON.stringify(value);
    return markup`<dt>${term}</dt><dd><code>${text}</code></dd>`;
  });
  return markup`<details><summary>Values${ofUser("of", name)}</summary><dl>${items}</dl></details>`;
}

/** Who is meant, for those who do not see which card they are in. */
function ofUser(preposition: string, name: string): Markup {
  return markup`<span class="unseen"> ${preposition} ${name}</span>`;
}

function userField({ user_id: userId }: UserProfile): Markup {
  return markup`<input type="hidden" name="user" value="${fieldValue(userId)}">`;
}

/** Which pictures are of this machine, and what they are. */
interface PictureSource {
  /** Of the local S3 server: pictures of any other place are not loaded. */
  readonly origin: string;
  readonly settings: Pick<PictureSettings, "defaultUrl" | "allowedPrefixes">;
  readonly providers?: ProviderSwitch | undefined;
}

/** The world's stand-ins for providers of pictures. */
export interface ProviderSwitch {
  /** A user whose root picture is in base64. */
  readonly entraUser: () => Promise<SeedUser>;
  /** The hosts' names. */
  readonly names: readonly string[];
  readonly isDown: () => boolean;
  readonly setDown: (down: boolean) => void;
}

interface ShownPicture {
  /** Such as "Before login". */
  readonly caption: string;
  /** The user's name. */
  readonly of: string;
  /** The URL; anything but a string is not a picture. */
  readonly picture: unknown;
  /** What to say where there is none. */
  readonly none: string;
  /** Whether one of ours is a copy of a provider's. */
  readonly isCopy?: boolean;
}

/** A picture with its caption; one of elsewhere is a drawing that says so. */
function pictureFigure(
  { picture, none, isCopy = false, ...about }: ShownPicture,
  source: PictureSource,
): Markup {
  if (typeof picture !== "string" || picture.trim() === "") {
    return figure({ ...about, what: none, image: { drawing: emptyFrame } });
  }
  const name = localName(picture, source);
  if (name !== undefined) {
    const what = isCopy ? "Copy of the provider’s picture" : name;
    return figure({ ...about, what, image: { src: picture } });
  }
  const { what, drawing } = standIn(picture);
  if (isDown(picture, source)) {
    return figure({ ...about, what: `${what} is down: no picture`, image: { drawing: emptyFrame } });
  }
  return figure({ ...about, what: `Stand-in: ${what}`, image: { drawing } });
}

/** What a browser would find at a provider's address, for whose name the stand-in answers. */
function isDown(picture: string, { providers }: PictureSource): boolean {
  if (providers?.isDown() !== true) return false;
  return providers.names.includes(parseUrl(picture)?.hostname ?? "");
}

/** What a picture of this machine is; undefined for one of elsewhere. */
function localName(picture: string, { origin, settings }: PictureSource): string | undefined {
  if (parseUrl(picture)?.origin !== origin) return undefined;
  if (picture === settings.defaultUrl) return "Default image";
  return settings.allowedPrefixes.some((prefix) => picture.startsWith(prefix))
    ? "Own picture"
    : "Local picture";
}
