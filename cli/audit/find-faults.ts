import type { Decision } from "../../policy/decide.ts";
import { readPath } from "../../policy/login.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { textAt, type User } from "../people/user.ts";
import type { Finding, FindingKind } from "./finding.ts";
import { ownFaultOf, rootPictureFault } from "../people/picture-fault.ts";
import { shownAddress } from "./shown-address.ts";

/** What a profile alone tells; nothing of a blocked user's pictures, which nobody sees. */
export function findFaults(user: User, decision: Decision, settings: PictureSettings): Finding[] {
  if (decision.reason === "blocked") return [];
  return [
    ...ownFaults(user, settings),
    ...rootFaults(user, decision, settings),
    ...flagFaults(user, "block-ineffective", readPath(user, "app_metadata", "picture_blocked")),
    ...flagFaults(user, "gravatar-ineffective", readPath(user, "user_metadata", "gravatar_disabled")),
  ];
}

function ownFaults(user: User, settings: PictureSettings): Finding[] {
  const fault = ownFaultOf(user, settings);
  if (fault === undefined) return [];
  const about = {
    userId: user.user_id,
    address: shownAddress(textAt(user, "user_metadata", "picture") ?? ""),
  };
  return [
    fault === "http"
      ? { ...about, kind: "own-http", cause: null }
      : { ...about, kind: "own-invalid", cause: fault },
  ];
}

function rootFaults(user: User, { reason }: Decision, settings: PictureSettings): Finding[] {
  if (reason !== "root-refused") return [];
  const address = shownAddress(textAt(user, "picture") ?? "");
  return [{ userId: user.user_id, kind: "root-refused", cause: rootPictureFault(user, settings), address }];
}

/** Somebody meant to switch something on or off, and the policy takes nothing but true for on. */
function flagFaults({ user_id: userId }: User, kind: FindingKind, flag: unknown): Finding[] {
  const isSwitch = flag === undefined || flag === null || typeof flag === "boolean";
  return isSwitch ? [] : [{ userId, kind, cause: null, address: null }];
}
