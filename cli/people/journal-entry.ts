import { pictureKeys, type PictureKey } from "./picture-change.ts";

/** One line of the journal: what was about to be written. Nothing in it is an email. */
export interface JournalEntry {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly stack: string;
  readonly command: string;
  /** The Management API client's id. */
  readonly client: string;
  readonly user: string;
  /** What was changed. */
  readonly keys: readonly PictureKey[];
  /** SHA-256 of these keys' values. */
  readonly hashBefore: string;
  readonly hashAfter: string;
  /** The values before: what `undo` restores. Left out where nothing can be undone. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** The id of the entry whose state this one restored. */
  readonly undoes?: string;
  /** Of a run over many users: what all its entries have in common. */
  readonly run?: string;
}

/** A later line, which says that Auth0 refused the write. */
export interface JournalFailure {
  readonly at: string;
  /** The id of the entry. */
  readonly failed: string;
  /** The error's code. */
  readonly code: string;
}

/** Reads a line; undefined for one that is none of ours, such as the torn end of a write that was cut off. */
export function parseJournalLine(line: string): JournalEntry | JournalFailure | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { id, failed, user, keys, hashBefore, hashAfter } = Object(parsed) as Record<string, unknown>;
  if (typeof failed === "string") return parsed as JournalFailure;
  const isEntry =
    [id, user, hashBefore, hashAfter].every((value) => typeof value === "string") &&
    Array.isArray(keys) &&
    keys.every((key: unknown) => (pictureKeys as readonly unknown[]).includes(key));
  return isEntry ? (parsed as JournalEntry) : undefined;
}
