import { existsSync } from "node:fs";
import { readFlow } from "../../auth0/actions-api.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/errors.ts";
import { actionList } from "../../stack/actions.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { pinFiles, programActions, readPins } from "../../stack/pins.ts";
import { readStackNamed, stackFile, stackName } from "../../stack/stack-file.ts";
import { commitNamed } from "../commit-folder.ts";
import { commitFlow } from "./commit-flow.ts";
import type { ImpactFlow } from "./impact-flow.ts";

/**
 * What is compared with: `deployed`, the name of a stack that has a file, or a commit.
 *
 * @param access Gets a token, where one is needed.
 * @throws UsageError `against-unknown`, or what the flows throw.
 */
export async function oldFlow(
  against: string,
  stack: string,
  env: Environment,
  access: () => Promise<ManagementAccess>,
): Promise<ImpactFlow> {
  if (against === "deployed") return deployedFlow(await access());
  if (existsSync(stackFile(against, env))) return programFlow(against, env);
  if (commitNamed(against) !== undefined) return commitFlow(against, stack, env);
  const message = `--against must be deployed, a commit, or a stack with a file Pulumi.${against}.yaml, not ${against}.`;
  throw new UsageError("against-unknown", message);
}

/**
 * What logins run now: the deployed code, never the draft's, of those of our Actions that are bound, in the flow's order.
 * Other people's Actions between them are not run: what they set under other names changes no picture.
 *
 * @throws ExpectedError as `readFlow` does.
 */
async function deployedFlow(access: ManagementAccess): Promise<ImpactFlow> {
  const { actions, bound } = await readFlow(
    access,
    actionList.map(({ name }) => name),
  );
  return {
    origin: { from: "deployed", tenant: access.domain },
    isFromTenant: true,
    actions: bound.flatMap((name) => {
      const code = actions.find((action) => action.name === name)?.deployed?.code;
      return code === undefined ? [] : [{ name, code }];
    }),
  };
}

/**
 * The Actions that a run of this checkout's program deploys for a stack: from the source, a pinned one from its pin.
 *
 * @throws ExpectedError as the stack's file, its image or its pins are wrong.
 */
export async function programFlow(stack: string, env: Environment): Promise<ImpactFlow> {
  const name = stackName(stack);
  const { settings } = await readStackNamed(stack, env);
  const { pins } = readPins(pinFiles(name, env));
  const actions = programActions(bundleActions(settings), pins);
  return {
    origin: { from: "program", stack: name },
    isFromTenant: pins.length > 0,
    actions: actions.map(({ name: action, code }) => ({ name: action, code })),
  };
}
