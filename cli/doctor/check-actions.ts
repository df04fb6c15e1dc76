import { actionList } from "../../infra/action-list.ts";
import { bundleActions, type ActionBundle } from "../../infra/bundle-actions.ts";
import { pinFiles } from "../../infra/pin-files.ts";
import { programActions } from "../../infra/program-actions.ts";
import { readPins } from "../../infra/read-pins.ts";
import type { ActionNow } from "../actions-api/action-version.ts";
import { readFlow } from "../actions-api/read-flow.ts";
import { stackName } from "../stack-file.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped } from "./finding.ts";

/** The Actions are deployed with the program's code, and bound in their order. */
export const checkActions: Check = {
  name: "actions",
  run: async ({ stack, env }, { access, config }) => {
    if (access === undefined || config === undefined) return skipped("There is no token to look with");
    if (!access.scopes.includes("read:actions")) return skipped("The token may not look (read:actions)");
    const names = actionList.map(({ name }) => name);
    const { actions, bound } = await readFlow(access, names);
    const { pins } = readPins(pinFiles(stackName(stack), env));
    const program = programActions(bundleActions(config.settings), pins);
    const wrong = [
      ...program.flatMap((bundle) => actionProblem(bundle, actions) ?? []),
      ...(isInOrder(bound, names)
        ? []
        : [`bound in the Login flow is ${bound.join(", ") || "none of them"}`]),
    ];
    if (wrong.length === 0) return ok(`${names.join(", ")}: deployed and bound, with the program's code`);
    return problem(
      wrong.join("; "),
      "run pulumi preview --refresh to see what pulumi up --refresh would put right",
    );
  },
};

function actionProblem({ name, code }: ActionBundle, actions: readonly ActionNow[]): string | undefined {
  const found = actions.find((action) => action.name === name);
  if (found === undefined) return `${name} is missing`;
  if (found.deployed === undefined) return `${name} is not deployed`;
  if (found.deployed.code !== code) return `${name} runs other code than the program's`;
  return found.allChangesDeployed ? undefined : `${name} has a draft that is not deployed`;
}

/** Others' Actions may stand anywhere between. */
function isInOrder(bound: readonly string[], names: readonly string[]): boolean {
  const ours = bound.filter((name) => names.includes(name));
  return ours.join() === names.join();
}
