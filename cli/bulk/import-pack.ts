import { randomUUID } from "node:crypto";
import { identitiesOf, primaryIdentity, textAt, type User } from "../../auth0/user.ts";
import type { JournalEntry } from "../people/journal.ts";
import { withChange } from "../people/picture-change.ts";
import { journalEntry } from "../people/write-change.ts";
import { outcomeOf, type BulkChange, type BulkOutcome } from "./bulk-change.ts";
import type { BulkRun } from "./bulk-run.ts";
import { recordedAs, type UserChange } from "./change-of.ts";
import type { InFlightWrite } from "./ledger.ts";

/** The profile fields that an import needs in addition to those that a decision uses. */
export const importFields = ["email", "username", "phone_number", "created_at"];

/** A user in an import, and what is noted when it succeeded. */
export interface PackedUser {
  readonly outcome: BulkOutcome;
  /** Of the journal. */
  readonly entryId: string;
  /** A user with another value afterwards was deleted meanwhile and created again by the import. */
  readonly createdAt: string | undefined;
}

/** What is recorded of the user while it is unknown whether the import was made. */
export function inFlightWrite({ outcome, entryId, createdAt }: PackedUser): InFlightWrite {
  const { user, before, after } = outcome;
  return { user, via: "import", before, after, createdAt, entryId };
}

/** The users of one import job. */
export interface Pack {
  readonly connection: string;
  readonly users: PackedUser[];
  readonly entries: JournalEntry[];
  /** The items of the JSON array that is sent. */
  readonly rows: string[];
  /** Of that array. */
  bytes: number;
  full: boolean;
}

export function emptyPack(connection: string): Pack {
  return { connection, users: [], entries: [], rows: [], bytes: 2, full: false };
}

/**
 * The users whom an import would find and leave otherwise as they are. Where it is [unknown] what an import does to a
 * profile (linked identities, a telephone number, no email), the user is changed by PATCH.
 */
export function takesImport(user: User): boolean {
  return (
    user.user_id.startsWith("auth0|") &&
    primaryIdentity(user).provider === "auth0" &&
    identitiesOf(user).length === 1 &&
    textAt(user, "email") !== undefined &&
    // Taken for false it would be made false.
    typeof user["email_verified"] === "boolean" &&
    textAt(user, "phone_number") === undefined
  );
}

/**
 * The user as the import is to leave him. Both kinds of metadata are replaced, so they are sent whole; `email_verified`
 * becomes false where it is not said to be true; other root fields are kept by not being sent. Ids have no prefix.
 */
export function importRow(user: User, change: NonNullable<UserChange["change"]>): string {
  const changed = withChange(user, change);
  return JSON.stringify({
    user_id: user.user_id.slice("auth0|".length),
    email: user["email"],
    email_verified: user["email_verified"],
    username: user["username"],
    user_metadata: changed["user_metadata"] ?? undefined,
    app_metadata: changed["app_metadata"] ?? undefined,
  });
}

/** Adds the user to the pack where there is room; `too-large` for one who has none in any pack. */
export function addToPack(
  { people, id: run, limits, ledger }: BulkRun,
  pack: Pack,
  bulk: BulkChange,
  user: User,
  { change, before, after }: UserChange & { readonly change: NonNullable<UserChange["change"]> },
): "added" | "full" | "too-large" {
  const row = importRow(user, change);
  const bytes = Buffer.byteLength(row) + 1;
  if (bytes + 2 > limits.importBytes) return "too-large";
  if (pack.bytes + bytes > limits.importBytes) {
    pack.full = true;
    return "full";
  }
  // A write that may have been made before is sent again with the same id.
  const entryId = ledger.inFlightOf(bulk.user)?.entryId ?? randomUUID();
  pack.rows.push(row);
  pack.bytes += bytes;
  pack.entries.push(journalEntry(people, user, { ...recordedAs(bulk), change, run, id: entryId }));
  pack.users.push({
    entryId,
    outcome: outcomeOf(bulk, "changed", { via: "import", before, after }),
    createdAt: textAt(user, "created_at"),
  });
  return "added";
}
