import { randomBytes } from "node:crypto";

/**
 * The environment variable that every process of a run carries. Process groups do not do: Pulumi puts its
 * plugins into groups of their own, and a killed pulumi leaves its language host behind.
 */
export const runMark = "AUTH0_USER_PICTURES_RUN";

/** What a run id looks like; anything else after the mark is not ours. */
export const runIdPattern = /^[0-9a-f]{16}$/;

/** An id that no other run has. */
export function newRunId(): string {
  return randomBytes(8).toString("hex");
}

/** The environment with the mark of the run. */
export function withMark(env: NodeJS.ProcessEnv, runId: string): NodeJS.ProcessEnv {
  return { ...env, [runMark]: runId };
}

/** The environment without any mark. */
export function withoutMark(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [runMark]: _mark, ...rest } = env;
  return rest;
}

/** Nothing but the mark, where there is one: by it the project finds its own processes. */
export function onlyMark({ [runMark]: mark }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return mark === undefined ? {} : { [runMark]: mark };
}
