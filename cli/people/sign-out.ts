import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { exitCode } from "../command.ts";
import type { Finished } from "./change-picture.ts";
import { requireScope, type People } from "./people.ts";
import { journalEntry } from "./write-change.ts";

/** What Auth0's route `revoke-access` asks for, each of them. */
const scopes = ["delete:sessions", "delete:refresh_tokens"];

/** @throws ExpectedError `scope-missing` before anything is changed. */
export function requireSignOut(people: Pick<People, "access" | "clientId">): void {
  for (const scope of scopes) requireScope(people, [scope], "sign-out");
}

/** Told before anybody says yes. */
export const signOutNote =
  "The user's sessions and refresh tokens at Auth0 are revoked, on every device: what an application asks of Auth0 next ends " +
  "in a new login. Applications' own sessions, and tokens that are out, last until they expire; an application's session ends " +
  "earlier only if the application uses back-channel logout.";

/**
 * Revokes a user's sessions and refresh tokens at Auth0. A refusal is no error, since the block stands: it is told, and the
 * exit code says that something is left to do.
 *
 * @throws ExpectedError `journal-not-writable`.
 */
export async function signOut(people: People, user: User): Promise<Finished> {
  // Of no key of the profile: there is nothing to undo, and an undo of the block is not kept from it.
  const entry = journalEntry(people, user, { command: "sign-out", change: {}, final: true });
  people.journal.append(entry);
  try {
    await people.users.revokeAccess(user.user_id);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return notSignedOut(people, entry.id, error);
  }
  const line = "Signed out: Auth0 revokes the user's sessions and refresh tokens, within seconds.";
  return { lines: [line], json: { signedOut: true } };
}

function notSignedOut(people: People, journalId: string, error: ExpectedError): Finished {
  const isForbidden = error.code === "auth0-forbidden";
  if (isForbidden) {
    people.journal.append({ at: people.now().toISOString(), failed: journalId, code: error.code });
  }
  const remedy = isForbidden
    ? `Auth0 has this for Enterprise plans only, and for clients with the scopes ${scopes.join(" and ")} (capability sign-out).`
    : "It is not known whether Auth0 did it: run the command again.";
  return {
    lines: [`Not signed out: ${error.message} ${remedy} The block stands.`],
    json: { signedOut: false, signOutError: error.code },
    exitCode: exitCode.found,
  };
}
