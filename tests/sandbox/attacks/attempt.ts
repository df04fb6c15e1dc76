import type { Layers } from "../../../sandbox/isolation.ts";

/**
 * One way out. `code` is the body of an async function, which returns what it has found: the text of a file or what a server
 * said has the run's secret in it, and where only an act counts it returns PROOF. What it may use:
 *
 * - FILE, LINK's target: a file that everybody may read, with the secret in JSON; ADDON: a native addon; OUT: an empty folder that
 *   everybody may write to, where nothing may appear; GONE: a file in it that must stay.
 * - PORT: of a TCP server, UDP_PORT, SOCKET: a unix socket, ABSTRACT: one without a path; each tells the secret.
 * - `read(fs)`, `useProcess(process)` and `heard(socket)`, which make the best of what was got hold of.
 */
export interface Attempt {
  readonly name: string;
  readonly code: string;
  /** Node itself has closed it long ago, or it needs what a process without our layers does not have: no control run. */
  readonly noControl?: true;
  /** It may end its process or leave it unusable. */
  readonly alone?: true;
}

/** An attempt of code that has everything Node has, and the layers of which each has to close the door by itself. */
export interface DoorAttempt extends Attempt {
  readonly closedBy: readonly (keyof Layers)[];
}

export interface AttemptResult {
  readonly attempt: string;
  readonly outcome: "refused" | "succeeded" | "skipped";
  /** What refused it, what it got hold of, or why it was not tried. */
  readonly words: string;
}

/** A set of attempts that are made together. */
export interface AttemptGroup {
  readonly name: string;
  readonly attempts: readonly string[];
  /** In any order, one for each attempt. */
  readonly run: () => Promise<readonly AttemptResult[]>;
}
