import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { lineWriter, readLines } from "../../lib/lines.ts";
import type { NotedBlock } from "./block-stands.ts";
import { countOutcome, noCounts, type BulkCounts, type BulkOutcome, type Shown } from "./bulk-change.ts";
import type { UserIndex } from "./user-index.ts";

/** A change that was sent, or is about to be sent, and of which no read has shown yet what it came to. */
export interface InFlightWrite {
  readonly user: string;
  readonly via: "import" | "patch";
  /** What logins showed before it, and show with it. */
  readonly before?: Shown | undefined;
  readonly after?: Shown | undefined;
  /** The block that was there before it. */
  readonly block?: NotedBlock | undefined;
  /** Where Auth0 said that it made the change: it is not sent again. */
  readonly made?: true;
  /** Of the user as read before: a user with another value now was created again. */
  readonly createdAt?: string | undefined;
  /** Of the journal. */
  readonly entryId: string;
  /** How many imports of the user failed. */
  readonly failures?: number;
}

/** A line of the ledger's file. */
type Noted = BulkOutcome | SentNote | { readonly oneByOne: string };

type SentNote = { readonly sent: string } & Omit<InFlightWrite, "user">;

/** What became of each line so far. It outlives the process. */
export interface Ledger {
  /** Notes what became of a line, once. */
  readonly settle: (outcome: BulkOutcome) => void;
  /** Notes that from now on a read is to show whether the user's change was made. */
  readonly setInFlight: (write: InFlightWrite) => void;
  /** The change that may have been made to a user who has no outcome yet. */
  readonly inFlightOf: (user: string) => InFlightWrite | undefined;
  /** How many changes Auth0 said that it made, and no read has shown yet. */
  readonly unverified: () => number;
  /** Notes that Auth0 refuses the user in imports. The user's change is no longer in flight. */
  readonly oneByOne: (user: string) => void;
  readonly counts: BulkCounts;
  readonly settled: () => number;
  /** Survives the process when it returns; with `durably`, a power cut too. */
  readonly flush: (how?: "durably") => void;
  readonly close: () => void;
}

/**
 * Only one process at a time may have it open.
 *
 * @param file With what an earlier process noted, or none: the index is brought to that state.
 * @param onSettled Told of each line that gets its outcome now.
 */
export function openLedger(file: string, index: UserIndex, onSettled: () => void = () => undefined): Ledger {
  dropTornLine(file);
  const state = ledgerState(index);
  if (existsSync(file)) {
    for (const { text } of readLines(file)) state.take(JSON.parse(text) as Noted);
  }
  const lines = lineWriter(file, "a");
  /** False for a user who has an outcome already. */
  const note = (noted: Noted): boolean => {
    const isNew = state.take(noted);
    if (isNew) lines.write(JSON.stringify(noted));
    return isNew;
  };
  return {
    settle: (outcome) => {
      if (note(outcome)) onSettled();
    },
    setInFlight: ({ user, ...write }) => {
      const { failures } = state.inFlight.get(user) ?? {};
      const earlier = failures === undefined ? {} : { failures };
      if (note({ sent: user, ...earlier, ...write })) lines.flush();
    },
    inFlightOf: (user) => state.inFlight.get(user),
    unverified: () => [...state.inFlight.values()].filter(({ made }) => made === true).length,
    oneByOne: (user) => {
      note({ oneByOne: user });
    },
    counts: state.counts,
    settled: () => state.settled(),
    flush: lines.flush,
    close: () => {
      lines.close();
    },
  };
}

/** What the lines of a ledger say together. */
function ledgerState(index: UserIndex) {
  const counts = noCounts();
  let settled = 0;
  // Of the users of a few imports at a time: each gets its outcome soon.
  const inFlight = new Map<string, InFlightWrite>();
  /** False for a line about a user who has an outcome already. */
  const take = (noted: Noted): boolean => {
    const user = userOf(noted);
    const slot = index.find(user);
    if (slot === undefined || slot.state === "settled") return false;
    if ("sent" in noted) {
      const { sent: _user, ...write } = noted;
      inFlight.set(user, { user, ...write });
      if (slot.state !== "one-by-one") index.setState(slot, "sent");
      return true;
    }
    inFlight.delete(user);
    index.setState(slot, "oneByOne" in noted ? "one-by-one" : "settled");
    if ("oneByOne" in noted) return true;
    countOutcome(counts, noted);
    settled += 1;
    return true;
  };
  return { counts, inFlight, settled: () => settled, take };
}

function userOf(noted: Noted): string {
  if ("sent" in noted) return noted.sent;
  return "oneByOne" in noted ? noted.oneByOne : noted.user;
}

/** The outcomes that a ledger's file holds. */
export function* notedOutcomes(file: string): Generator<BulkOutcome, void, undefined> {
  for (const { text } of readLines(file)) {
    const noted = JSON.parse(text) as Noted;
    if ("outcome" in noted) yield noted;
  }
}

/** How many lines have an outcome. It only reads: another process may be at work on the file. */
export function settledLines(file: string): number {
  let settled = 0;
  // The last line may be half there.
  for (const { text } of readLines(file)) if (/^\{"line":.*\}$/.test(text)) settled += 1;
  return settled;
}

/** Longer than any line of ours. */
const tailBytes = 1 << 20;

/** What a process was writing when it was killed. */
function dropTornLine(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, "r+");
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(size - tailBytes, 0);
    const tail = Buffer.alloc(size - start);
    readSync(descriptor, tail, 0, tail.length, start);
    const whole = start + tail.lastIndexOf("\n") + 1;
    if (whole < size) ftruncateSync(descriptor, whole);
  } finally {
    closeSync(descriptor);
  }
}
