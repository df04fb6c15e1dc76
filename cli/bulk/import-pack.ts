import { randomUUID } from "node:crypto";
import { identitiesOf, primaryIdentity, textAt, type User } from "../../auth0/user.ts";
import type { JournalEntry } from "../people/journal.ts";
import { keysOf, withChange, type PictureChange } from "../people/picture-change.ts";
import { journalEntry } from "../people/write-change.ts";
import { outcomeOf, type BulkChange, type BulkOutcome } from "./bulk-change.ts";
import { notedBlock, type NotedBlock } from "./block-stands.ts";
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
  /** See `InFlightWrite`. */
  readonly block?: NotedBlock | undefined;
  /** A user with another value afterwards was deleted meanwhile and created again by the import. */
  readonly createdAt: string | undefined;
}

/** What is recorded of the user until a read after the import shows what it came to. */
export function inFlightWrite({ outcome, block, entryId, createdAt }: PackedUser): InFlightWrite {
  const { user, before, after } = outcome;
  return { user, via: "import", before, after, block, createdAt, entryId };
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
 * profile (linked identities, a telephone number, no email), the user is changed by PATCH. So is who is to be blocked or
 * unblocked: an import of `app_metadata` would take away a block that is set while it is under way.
 */
export function takesImport(user: User, change: PictureChange): boolean {
  return (
    keysOf(change).every((key) => key.startsWith("user_metadata.")) &&
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
 * The user as the import is to leave him. Metadata that is sent is replaced, so `user_metadata` is sent whole; what is not
 * sent stays as it is, so `app_metadata`, where blocks are, never is. `email_verified` becomes false where it is not said to
 * be true. Ids have no prefix.
 * https://community.auth0.com/t/how-to-use-bulk-import-job-with-upsert-enabled/140108
 *
 * @param change Of `user_metadata` alone: see `takesImport`.
 */
export function importRow(user: User, change: PictureChange): string {
  return JSON.stringify({
    user_id: user.user_id.slice("auth0|".length),
    email: user["email"],
    email_verified: user["email_verified"],
    username: user["username"],
    user_metadata: withChange(user, change)["user_metadata"],
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
    block: notedBlock(user),
    createdAt: textAt(user, "created_at"),
  });
  return "added";
}
