import type { User } from "../../auth0/user.ts";
import { parseUrl } from "../../lib/url.ts";
import { decide } from "../../policy/decide.ts";
import { gravatarWithFallback, isGravatar } from "../../policy/gravatar.ts";
import { fingerprintOf } from "../../policy/picture-copy.ts";
import { hostNameOf, isOwnObject, usableUrl } from "../../policy/picture-url.ts";
import { isProvided } from "../../policy/root-picture.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";
import { imageTypeOf, magicLength, originalLimits } from "../image/image-format.ts";

/** What is to be done so that a login can show our copy of a user's root picture. */
export type CopyPlan =
  | {
      readonly kind: "fetch";
      /** https, and for a Gravatar with `d=404`, so that a user without one gets none. */
      readonly url: string;
      /** Whom it is asked of: `host`, or `host:port`. */
      readonly host: string;
      readonly gravatar: boolean;
      /** The root picture's fingerprint, for `picture_copy.of`. */
      readonly of: string;
    }
  | { readonly kind: "decode"; readonly base64: string; readonly of: string }
  | { readonly kind: "none"; readonly why: NoCopy };

/**
 * Why a user needs no copy: what the login shows instead, or `ours` for a picture that is in our bucket already, `not-provided`
 * for one that no provider gave, `not-a-picture` for a root picture that is neither an address nor base64 of a picture.
 */
export type NoCopy = Reason | "ours" | "not-provided" | "not-a-picture";

/**
 * Whether a copy is wanted, as the login decides without copies: of a provider's picture or a Gravatar that it shows, and of a
 * provider's picture that it cannot show as it is. Pure; looks at no more than the beginning of a picture in base64.
 */
export function copyPlanOf(user: User, settings: PictureSettings): CopyPlan {
  const { reason } = decide({ user }, { ...settings, copies: "off" });
  if (!copied.has(reason)) return none(reason);
  const root = user["picture"];
  if (typeof root !== "string") return none("not-a-picture");
  const url = sourceUrl(root);
  if (url === undefined) return isProvided(user.user_id) ? base64Plan(root) : none(reason);
  const normal = usableUrl(root, settings)?.url ?? url;
  if (isOwnObject(normal, settings) || normal.href === settings.defaultUrl) return none("ours");
  return isGravatar(normal) ? gravatarPlan(normal, root, settings) : providedPlan(user, url, root);
}

const copied: ReadonlySet<Reason> = new Set<Reason>([
  "kept",
  "normalised",
  "gravatar-fallback",
  "root-refused",
]);

function none(why: NoCopy): CopyPlan {
  return { kind: "none", why };
}

/** Longer than any server takes: nobody can have meant it as an address. */
const longestUrl = 16_384;

/** What is fetched for a root picture that is an address: always by https, as a login makes it. */
function sourceUrl(root: string): URL | undefined {
  const text = root.trim();
  const url = text.length > longestUrl || !/^https?:/i.test(text) ? undefined : parseUrl(text);
  if (url?.username !== "" || url.password !== "") return undefined;
  // A port stays: whether https is spoken there, the host's answer says.
  url.protocol = "https:";
  return url;
}

/** By the rule that puts our default image in its place, so that both name the same Gravatar. */
function gravatarPlan(url: URL, root: string, settings: PictureSettings): CopyPlan {
  const href = gravatarWithFallback(url, { ...settings, defaultUrl: "404", maxLength: longestUrl });
  if (href === undefined) return none("not-a-picture");
  return { kind: "fetch", url: href, host: hostOf(url), gravatar: true, of: fingerprintOf(root) };
}

function providedPlan({ user_id: id }: User, url: URL, root: string): CopyPlan {
  if (!isProvided(id)) return none("not-provided");
  return { kind: "fetch", url: url.href, host: hostOf(url), gravatar: false, of: fingerprintOf(root) };
}

function hostOf(url: URL): string {
  return url.port === "" ? hostNameOf(url) : `${hostNameOf(url)}:${url.port}`;
}

/** Base64 has four characters for three bytes. */
const longestBase64 = Math.ceil((originalLimits.bytes / 3) * 4);

/** A `data:` URL in base64, or base64 alone, as Active Directory and Entra give it. */
function base64Plan(root: string): CopyPlan {
  const text = root.trim();
  const [prefix = ""] = /^data:image\/[\w.+-]{1,40}(?:;[\w=-]{1,40}){0,3};base64,/i.exec(text) ?? [];
  const base64 = text.slice(prefix.length);
  const head = Buffer.from(base64.slice(0, magicLength * 2), "base64");
  const isPicture = base64.length <= longestBase64 && imageTypeOf(head) !== undefined;
  return isPicture ? { kind: "decode", base64, of: fingerprintOf(root) } : none("not-a-picture");
}
