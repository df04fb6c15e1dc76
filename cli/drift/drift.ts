import type { PinFinding } from "../../stack/pin-findings.ts";

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
  /** The command that fixes it. */
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

/** What kinds of drift there are. The names are stable, for programs; docs/operations.md says what each means. */
export const driftCodes = [
  "action-missing",
  "action-not-deployed",
  "action-version-differs",
  "action-runtime",
  "action-dependencies",
  "action-secrets",
  "action-draft-differs",
  "action-draft-undeployed",
  "flow-order",
  "grant-missing",
  "grant-scopes",
  "grant-unexpected",
  "image-status",
  "image-type",
  "image-content",
  "image-cache",
  "resource-missing",
  "resource-changed",
  "program-ahead",
] as const;

export type DriftCode = (typeof driftCodes)[number];
