/** The exit codes of every command. */
export const exitCode = {
  done: 0,
  failed: 1,
  /** A check ran to its end and found something. */
  found: 2,
  /** The command line itself is wrong, or a needed confirmation is missing: nothing was done. */
  badUsage: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
