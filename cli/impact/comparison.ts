import type { PictureSettings } from "../../policy/settings.ts";
import type { TimeLimit } from "../../sandbox/frames.ts";

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

/** What is compared, and what is wanted of it. */
export interface ComparisonSetup {
  readonly old: FlowSetup;
  readonly new: FlowSetup;
  readonly shard: Shard | undefined;
  /** How many examples of each pair of reasons are kept. */
  readonly sample: number;
  /** Whether the ids of all whose picture changes are wanted. */
  readonly listChanged: boolean;
}

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

/** What comes of one batch of lines. */
export type BatchAnswer = BatchCounts | BrokenLine | HangingLogins;

export interface BatchCounts {
  readonly lines: number;
  readonly fields: FieldCounts;
  readonly groups: readonly Group[];
  /** Those that no earlier batch has enough of. */
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
