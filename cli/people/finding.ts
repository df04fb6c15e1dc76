import { textAt, type User } from "../../auth0/user.ts";
import { displayText } from "../../lib/display-text.ts";
import { parseUrl } from "../../lib/url.ts";
import type { Decision } from "../../policy/decide.ts";
import { readPath } from "../../policy/login.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { ProbeReason } from "../image/public-network.ts";
import { copyState } from "./copy-state.ts";
import { findMistake, mistakeWords } from "./mistyped-address.ts";
import { faultWords, ownFaultOf, rootPictureFault, type PictureFault } from "./picture-fault.ts";
import { doubtsOfShown, showsRoot } from "./shown-address.ts";

/** What needs attention, by its stable name. */
export type FindingKind =
  | "own-invalid"
  | "own-http"
  | "own-unreachable"
  | "own-file-missing"
  | "own-ended"
  | "own-mistyped"
  | "root-refused"
  | "root-ended"
  | "root-mistyped"
  | "copy-stale"
  | "copy-not-ours"
  | "copy-file-missing"
  | "block-ineffective"
  | "gravatar-ineffective";

/** More exactly, where a kind has several causes. */
export type FindingCause = PictureFault | ProbeReason;

/** One thing about one user. */
export interface Finding {
  readonly userId: string;
  readonly kind: FindingKind;
  readonly cause: FindingCause | null;
  /** Of the picture that it is about, as `shownAddress` gives it. */
  readonly address: string | null;
  /** For people: what exactly, where the cause alone does not say it. */
  readonly detail?: string;
}

/** For people: what it means, and what to do. */
export const findingWords: Readonly<Record<FindingKind, { readonly what: string; readonly remedy: string }>> =
  {
    "own-invalid": {
      what: "logins ignore the own picture",
      remedy: "Set another one (pictures set), or remove it (pictures use-original)",
    },
    "own-http": {
      what: "logins ignore the own picture, because it uses http",
      remedy: "If the same URL works with https, set that (pictures set)",
    },
    "own-unreachable": {
      what: "the own picture cannot be fetched",
      remedy:
        "Open it in a browser; if it is gone, set another one or use the original (pictures use-original)",
    },
    "own-file-missing": {
      what: "the own picture's file is not in the bucket",
      remedy: "Set the picture again (pictures set --file), or use the original (pictures use-original)",
    },
    "own-ended": {
      what: "the own picture's URL has ended, as its own parameters say",
      remedy:
        "Set it by a URL without an end, or as a file (pictures set --file), or use the original (pictures use-original)",
    },
    "own-mistyped": {
      what: "logins show the own picture by a URL that is probably not the one that was meant",
      remedy: "Open it in a browser; if it is not there, set it again (pictures set)",
    },
    "root-ended": {
      what: "the root picture's URL has ended, as its own parameters say",
      remedy: "The next login by its provider may bring a new one; else set an own picture (pictures set)",
    },
    "root-mistyped": {
      what: "logins show the root picture by a URL that is probably not the one that was meant",
      remedy: "Mend it where it comes from (pictures set-root), or set an own picture (pictures set)",
    },
    "root-refused": {
      what: "logins show the default image, because the root picture cannot be shown",
      remedy: "Make the provider send a public https URL, or set an own picture (pictures set)",
    },
    "copy-stale": {
      what: "logins do not show the copy, because it is of an earlier root picture",
      remedy: "Copy the root picture again (pictures mirror)",
    },
    "copy-not-ours": {
      what: "logins do not show the copy, because app_metadata.picture_copy has no URL of one of the stack's own objects",
      remedy: "Copy the root picture again (pictures mirror)",
    },
    "copy-file-missing": {
      what: "the copy's file is not in the bucket",
      remedy: "Copy the root picture again (pictures mirror)",
    },
    "block-ineffective": {
      what: "nothing is blocked: app_metadata.picture_blocked is set, but not to true",
      remedy: "Block it (pictures block), or unblock it (pictures unblock)",
    },
    "gravatar-ineffective": {
      what: "the Gravatar stays: user_metadata.gravatar_disabled is set, but not to true or false",
      remedy: "Choose one (pictures gravatar USER off, or on)",
    },
  };

/** For people: the causes. */
export const causeWords: Readonly<Record<FindingCause, string>> = {
  ...faultWords,
  "too-many-redirects": "it redirects too often",
  "too-slow": "its host is too slow",
  "too-large": "it is too large",
  "not-an-image": "it is not a PNG, JPEG, GIF or WebP",
  unreachable: "its host does not answer with a picture",
};

/** For people: the same words in every command. */
export function describeFinding({ kind, cause }: Pick<Finding, "kind" | "cause">): string {
  return `${kind}: ${findingWords[kind].what}${cause === null ? "" : `; ${causeWords[cause]} (${cause})`}`;
}

/** What a profile alone tells; nothing of a blocked user's pictures, which are not shown. */
export function findFaults(user: User, decision: Decision, settings: PictureSettings, now: Date): Finding[] {
  if (decision.reason === "blocked") return [];
  return [
    ...ownFaults(user, settings),
    ...rootFaults(user, decision, settings),
    ...shownFaults(user, decision, now),
    ...copyFaults(user, decision, settings),
    ...flagFaults(user, "block-ineffective", readPath(user, "app_metadata", "picture_blocked")),
    ...flagFaults(user, "gravatar-ineffective", readPath(user, "user_metadata", "gravatar_disabled")),
  ];
}

function ownFaults(user: User, settings: PictureSettings): Finding[] {
  const fault = ownFaultOf(user, settings);
  if (fault === undefined) return [];
  const own = textAt(user, "user_metadata", "picture");
  const about = { userId: user.user_id, address: shownAddress(own ?? "") };
  return [
    fault === "http"
      ? { ...about, kind: "own-http", cause: null }
      : { ...about, kind: "own-invalid", cause: fault, ...detailOf(own, fault) },
  ];
}

function rootFaults(user: User, { reason }: Decision, settings: PictureSettings): Finding[] {
  if (reason !== "root-refused") return [];
  const address = shownAddress(textAt(user, "picture") ?? "");
  const cause = rootPictureFault(user, settings);
  const detail = detailOf(user["picture"], cause);
  return [{ userId: user.user_id, kind: "root-refused", cause, address, ...detail }];
}

/** Of the picture that the login shows all the same. */
function shownFaults(user: User, decision: Decision, now: Date): Finding[] {
  return doubtsOfShown(user, decision, now).flatMap(({ picture, doubt, words }): Finding[] => {
    if (doubt === "ends") return [];
    const value = picture === "own" ? textAt(user, "user_metadata", "picture") : textAt(user, "picture");
    const about = { userId: user.user_id, address: shownAddress(value ?? ""), detail: words };
    return [
      doubt === "ended"
        ? { ...about, kind: `${picture}-ended`, cause: null }
        : { ...about, kind: `${picture}-mistyped`, cause: doubt },
    ];
  });
}

/** Of a copy that logins would show if it were of the root picture, whether or not the stack shows copies by now. */
function copyFaults(user: User, { reason }: Decision, settings: PictureSettings): Finding[] {
  if (reason !== "root-refused" && !showsRoot.has(reason)) return [];
  const state = copyState(user, settings);
  if (state === "none" || state === "current") return [];
  const address = shownAddress(textAt(user, "app_metadata", "picture_copy", "url") ?? "");
  return [{ userId: user.user_id, kind: `copy-${state}`, cause: null, address }];
}

/** What an address holds that a login refuses, where the cause does not name it. */
function detailOf(value: unknown, fault: PictureFault): Pick<Finding, "detail"> {
  const found = fault in mistakeWords ? findMistake(value) : undefined;
  return found?.mistake === fault ? { detail: found.words } : {};
}

/** A switch with another value than true or false: the policy takes only true for on. */
function flagFaults({ user_id: userId }: User, kind: FindingKind, flag: unknown): Finding[] {
  const isSwitch = flag === undefined || flag === null || typeof flag === "boolean";
  return isSwitch ? [] : [{ userId, kind, cause: null, address: null }];
}

/** Characters in a report: of an address, and of what is none. */
const longest = { address: 300, other: 60 };

/**
 * A picture's address for a report, which goes further than a terminal: without query and fragment, which may be a key, and
 * nothing of an address that holds an `@`, which may be an email.
 *
 * @returns null where nothing of it may be shown.
 */
export function shownAddress(address: string): string | null {
  const url = parseUrl(address.trim());
  if (url !== undefined) [url.search, url.hash, url.username, url.password] = ["", "", "", ""];
  const text = url?.href ?? address.trim();
  if (text === "" || /@|%40/.test(text)) return null;
  const most = url === undefined || url.protocol === "data:" ? longest.other : longest.address;
  return displayText(text.length > most ? `${text.slice(0, most)}…` : text);
}
