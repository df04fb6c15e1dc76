import { readSync, writeSync } from "node:fs";
import type { PictureSettings } from "../../../policy/settings.ts";

/** One of the two flows that are compared. */
export interface FlowSetup {
  /** In the flow's order. */
  readonly actions: readonly { readonly name: string; readonly code: string }[];
  /** Of each kind of Action that is in the flow: what its code's header says, null where it has none that can be read. */
  readonly settings: FlowSettings;
}

export interface FlowSettings {
  /** Of `user-picture`. */
  readonly own?: PictureSettings | null;
  /** Of `default-picture`. */
  readonly root?: PictureSettings | null;
}

/** One part of the users: those whose id's hash leaves `index - 1` when it is divided by `of`. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** The first thing that a child is sent, as JSON. */
export interface ChildSetup {
  readonly old: FlowSetup;
  readonly new: FlowSetup;
  readonly shard: Shard | undefined;
  /** How many examples of each pair of reasons are kept. */
  readonly sample: number;
  /** Whether the ids of all whose picture changes are wanted. */
  readonly listChanged: boolean;
  /** By default Auth0's. */
  readonly timeLimit?: TimeLimit;
}

/** When a login is given up, and when the whole run is. */
export interface TimeLimit {
  /** For one login: whole seconds. */
  readonly seconds: number;
  /** How many logins may run into it, in one process: each costs the run as much. */
  readonly logins: number;
}

/** Auth0's limit for a whole flow. */
export const auth0TimeLimit: TimeLimit = { seconds: 20, logins: 10 };

/** What a login shows by one flow. */
export interface Outcome {
  /** A reason of the policy, or one of `specialReasons`. */
  readonly reason: string;
  /** What an application shows; null if it is not a string, or if the login fails. */
  readonly picture: string | null;
}

/** A user whose picture changes. */
export interface Example {
  readonly userId: string;
  readonly connection: string;
  readonly old: Outcome;
  readonly new: Outcome;
}

/** Users with the same reasons and connection. */
export interface Group {
  readonly old: string;
  readonly new: string;
  /** The name of the primary identity's connection; empty where the file does not say. */
  readonly connection: string;
  readonly users: number;
  readonly changed: number;
}

/** How many users came with a field. */
export interface FieldCounts {
  readonly identities: number;
  readonly user_metadata: number;
  readonly app_metadata: number;
}

/** The answer to one batch of lines: a line of JSON. */
export type BatchAnswer = BatchCounts | BrokenLine | HangingLogins;

/** A line that says that the processor was given back; a child writes it each second while it compares. */
export const aliveLine = "alive";

export interface BatchCounts {
  readonly lines: number;
  readonly fields: FieldCounts;
  readonly groups: readonly Group[];
  /** Those that no earlier batch of this child has enough of. */
  readonly examples: readonly Example[];
  readonly changedIds: readonly string[];
}

export interface BrokenLine {
  /** Within the batch, from 1. */
  readonly brokenLine: number;
  readonly why: string;
}

/** More logins than may ran into the time limit. */
export interface HangingLogins {
  readonly hanging: TimeLimit;
}

/** Results of a flow that are not a row of the policy's table. */
export const specialReasons = {
  /** An Action denies the login, throws, or takes too long. */
  fails: "login fails",
  /** No Action of ours is in the flow. */
  none: "no action",
  /** The Action does something else than this program's policy with the Action's settings. */
  other: "other",
  /** The code does not say its settings. */
  unknown: "unknown",
} as const;

/** Kept from one frame to the next: memory does not depend on how many there are. */
let buffer = Buffer.allocUnsafeSlow(1 << 18);

/**
 * The next frame from standard input: four bytes of length, then as many bytes. It is read without the event loop, whose
 * sockets are closed in this process. What is returned is overwritten by the next call.
 *
 * @returns undefined at the end of the input.
 */
export function readFrame(): Buffer | undefined {
  if (!fill(4)) return undefined;
  const length = buffer.readUInt32LE(0);
  if (length > buffer.length) buffer = Buffer.allocUnsafeSlow(length);
  return fill(length) ? buffer.subarray(0, length) : undefined;
}

function fill(length: number): boolean {
  for (let filled = 0; filled < length;) {
    const count = readSync(0, buffer, filled, length - filled, null);
    if (count === 0) return false;
    filled += count;
  }
  return true;
}

/** One line on standard output. */
export function writeLine(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(1, bytes, written, bytes.length - written);
  }
}
