import { diffLines } from "diff";
import { sha256, shortHash } from "../lib/hash.ts";
import type { ActionBundle } from "./bundle-actions.ts";
import type { Pin } from "./pins.ts";

/** One pinned Action, and how far it is behind the source. */
export interface PinFinding {
  readonly action: string;
  /** The number of the version that was rolled back to. */
  readonly version: number;
  /** SHA-256 of the pinned code, in hexadecimal. */
  readonly codeHash: string;
  /** ISO 8601, UTC. */
  readonly pinnedAt: string;
  /** Whole days since then. */
  readonly days: number;
  /** Lines that the source has and the pin does not, and the other way round; both 0 where the pin is the source's code. */
  readonly behind: { readonly added: number; readonly removed: number };
  /** Whether the source changed after the Action was pinned; undefined where it was not known then. */
  readonly sourceChanged: boolean | undefined;
  /** For people: all of it in one line. */
  readonly text: string;
}

const msPerDay = 86_400_000;

/** @param bundles What the source gives now, without pins. */
export function pinFindings(
  bundles: readonly ActionBundle[],
  pins: readonly Pin[],
  now = new Date(),
): PinFinding[] {
  return pins.flatMap((pin) => {
    const source = bundles.find(({ name }) => name === pin.action);
    return source === undefined ? [] : [finding(pin, source.code, now)];
  });
}

function finding(pin: Pin, source: string, now: Date): PinFinding {
  const { action, version, pinnedAt } = pin;
  const behind = behindSource(pin.code, source);
  const days = Math.max(0, Math.floor((now.getTime() - Date.parse(pinnedAt)) / msPerDay)) || 0;
  return {
    action,
    version,
    codeHash: pin.codeHash,
    pinnedAt,
    days,
    behind,
    sourceChanged: pin.program === undefined ? undefined : pin.program.codeHash !== sha256(source),
    text:
      `${action} is pinned to version ${version} (code ${shortHash(pin.codeHash)}) since ${pinnedAt.slice(0, 10)} ` +
      `(${days} ${days === 1 ? "day" : "days"}); ${describeBehind(behind)}. Back to the source: pictures unpin ${action}.`,
  };
}

/** How many lines the source has more and fewer than the pin. */
export function behindSource(pinned: string, source: string): PinFinding["behind"] {
  const changes = diffLines(pinned, source);
  const count = (kind: "added" | "removed") =>
    changes.reduce((sum, change) => sum + (change[kind] ? change.count : 0), 0);
  return { added: count("added"), removed: count("removed") };
}

/** Completes "The Action …". */
export function describeBehind({ added, removed }: PinFinding["behind"]): string {
  if (added === 0 && removed === 0) return "it equals what the source gives";
  return `the source differs by ${lines(added)} added and ${lines(removed)} removed`;
}

function lines(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}
