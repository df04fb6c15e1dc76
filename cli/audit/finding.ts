import type { ProbeReason } from "../probe/probe-refusal.ts";
import { faultWords, type PictureFault } from "../people/picture-fault.ts";

/** What somebody should mend, by its stable name. */
export type FindingKind =
  | "own-invalid"
  | "own-http"
  | "own-unreachable"
  | "own-file-missing"
  | "root-refused"
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
}

/** For people: what it means, and what to do. */
export const findingWords: Readonly<Record<FindingKind, { readonly what: string; readonly remedy: string }>> =
  {
    "own-invalid": {
      what: "logins ignore the own picture",
      remedy: "Give another one (pictures set), or take it away (pictures use-original)",
    },
    "own-http": {
      what: "logins ignore the own picture, since it is by http",
      remedy: "Where the same address works with https, set that one (pictures set)",
    },
    "own-unreachable": {
      what: "the own picture cannot be fetched",
      remedy:
        "Open it in a browser; where it is gone, set another one or use the original (pictures use-original)",
    },
    "own-file-missing": {
      what: "the own picture's file is not in the bucket",
      remedy: "Set the picture again (pictures set --file), or use the original (pictures use-original)",
    },
    "root-refused": {
      what: "logins show the default image, since the root picture cannot be shown",
      remedy:
        "Have the provider give an https address that anybody may fetch, or give an own picture (pictures set)",
    },
    "block-ineffective": {
      what: "nothing is blocked: app_metadata.picture_blocked is set, but not to true",
      remedy: "Block it (pictures block), or unblock it (pictures unblock)",
    },
    "gravatar-ineffective": {
      what: "the Gravatar stays: user_metadata.gravatar_disabled is set, but not to true or false",
      remedy: "Say which is meant (pictures gravatar USER off, or on)",
    },
  };

/** For people: the causes. */
export const causeWords: Readonly<Record<FindingCause, string>> = {
  ...faultWords,
  "too-many-redirects": "it redirects too often",
  "too-slow": "its host is too slow",
  "too-large": "it is too large",
  "not-an-image": "it is no PNG, JPEG, GIF or WebP",
  unreachable: "its host does not answer with a picture",
};
