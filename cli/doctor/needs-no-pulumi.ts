import { given, type Environment } from "../environment.ts";

/** Whether the credentials are those of somebody who works without Pulumi, a moderator for one: `PICTURES_*`. */
export function needsNoPulumi(env: Environment): boolean {
  const deploys = ["AUTH0_CLIENT_ID", "AUTH0_API_TOKEN"].some((name) => given(env, name) !== undefined);
  return !deploys && given(env, "PICTURES_CLIENT_ID") !== undefined;
}
