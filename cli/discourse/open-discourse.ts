import type { User } from "../../auth0/user.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { probePictureUrl } from "../image/probe-picture-url.ts";
import { nextLogin } from "../people/next-login.ts";
import type { People } from "../people/people.ts";
import { runPulumi, selectedStack, type RunPulumi } from "../pulumi/run-pulumi.ts";
import {
  parseStackConfig,
  readDiscourseSettings,
  isCompleteEnvironment,
  requiredVariables,
  type DiscourseSettings,
  type StackConfig,
} from "./discourse-settings.ts";
import type { DiscourseUser } from "./discourse-user.ts";
import { connectDiscourse, type Discourse, type PictureFile } from "./discourse.ts";

/** @param probe Whether a picture is fetched before it is sent: not if it is on a host in the own network. */
export async function openDiscourse({ stack, env }: People, probe: boolean): Promise<Discourse> {
  const settings = await findDiscourseSettings(stack, env);
  return connectDiscourse(settings, probe ? { probe: probePictureUrl, fetchPicture } : {});
}

/** For a command that asks nothing of the tenant: it does without Auth0. */
export async function openForumAlone(named: string | undefined, env: Environment): Promise<Discourse> {
  const stack = isCompleteEnvironment(env) ? (named ?? "") : await selectedStack(named, env);
  return connectDiscourse(await findDiscourseSettings(stack, env));
}

/** What a forum gets as a file need not be reachable for its server. */
async function fetchPicture(url: string): Promise<PictureFile> {
  const { content = Buffer.alloc(0), contentType } = await probePictureUrl(url, { keepsContent: true });
  return { content, contentType };
}

/** A user of the tenant as the forum's functions need one, with the picture that the next login shows. */
export function discourseUser({ settings }: People, discourse: Discourse, user: User): DiscourseUser {
  return {
    userId: user.user_id,
    externalId: discourse.settings.externalId(user),
    emailVerified: user["email_verified"] === true,
    pictureUrl: nextLogin(user, settings).picture ?? undefined,
  };
}

/**
 * The settings of Discourse. Where the environment has the address, the key, and a secret or provider, Pulumi is not asked: for
 * people who have no access to it. Else the stack's configuration fills in what the environment lacks.
 *
 * @throws ExpectedError `stack-config-unavailable`, or what `readDiscourseSettings` and `runPulumi` throw.
 */
export async function findDiscourseSettings(
  stack: string,
  env: Environment,
  pulumi: RunPulumi = runPulumi,
): Promise<DiscourseSettings> {
  return readDiscourseSettings(env, isCompleteEnvironment(env) ? {} : await stackConfig(stack, pulumi));
}

async function stackConfig(stack: string, pulumi: RunPulumi): Promise<StackConfig> {
  const { code, stdout, stderr } = await pulumi(["config", "--json", "--show-secrets", "--stack", stack]);
  if (code !== 0) throw unavailable(stack, stderr.trim().replace(/^error: /, ""));
  try {
    return parseStackConfig(JSON.parse(stdout));
  } catch {
    // What it printed is not shown: it may hold a secret.
    throw unavailable(stack, "pulumi printed no JSON");
  }
}

function unavailable(stack: string, why: string): ExpectedError {
  return new ExpectedError(
    "stack-config-unavailable",
    `pulumi does not give the configuration of stack ${stack}: ${why}. Log in to its backend (pulumi login) with its passphrase or ` +
      `key, or set ${new Intl.ListFormat("en").format(requiredVariables)}.`,
  );
}
