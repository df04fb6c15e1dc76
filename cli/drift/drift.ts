import type { PinFinding } from "../../infra/pin-findings.ts";
import type { DriftCode } from "./drift-codes.ts";

/** One thing that is not as the program says. */
export interface DriftFinding {
  readonly code: DriftCode;
  /** For people: `Action user-picture`. With `property` it tells the same thing seen in two ways. */
  readonly resource: string;
  /** Of the resource; empty where all of it is meant. */
  readonly property: string;
  /** In one line. */
  readonly expected: string;
  readonly found: string;
  /** The command that mends it. */
  readonly mend: string;
  /** Of code: a unified diff from what is expected to what was found. */
  readonly diff?: string;
}

/** Something that could not be looked at: whether it drifted is not known. */
export interface Unknown {
  readonly what: string;
  /** An error's stable code. */
  readonly code: string;
  readonly why: string;
}

export interface Drift {
  readonly stack: string;
  readonly findings: readonly DriftFinding[];
  /** Pinned Actions: no drift, but not to be forgotten. */
  readonly pinned: readonly PinFinding[];
  readonly unknown: readonly Unknown[];
}
