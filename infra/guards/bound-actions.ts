import { ExpectedError } from "../expected-error.ts";

/** Auth0 binds at most this many Actions to one flow. */
const boundLimit = 20;

/**
 * @param foreign The names of other people's Actions that stay in the flow.
 * @param ours The names of ours.
 * @returns What is wrong, and what to do about it; undefined where all of them fit.
 */
export function tooManyBound(foreign: readonly string[], ours: readonly string[]): string | undefined {
  const count = foreign.length + ours.length;
  if (count <= boundLimit) return undefined;
  return (
    `The Login flow would have ${count} Actions, ${ours.length} of them ours; Auth0 takes at most ${boundLimit}. ` +
    `Unbind some of ${foreign.join(", ")} first.`
  );
}

/** @throws ExpectedError `too-many-actions`. */
export function refuseTooManyBound(foreign: readonly string[], ours: readonly string[]): void {
  const problem = tooManyBound(foreign, ours);
  if (problem !== undefined) throw new ExpectedError("too-many-actions", problem);
}
