import { readFlow, type ActionNow } from "../../auth0/actions-api.ts";
import { requestAccess } from "../../auth0/management-token.ts";
import { actionList } from "../../stack/actions.ts";
import { bundleActions, type ActionBundle } from "../../stack/bundle-actions.ts";
import { pinFiles, programActions, readPins } from "../../stack/pins.ts";
import { stackName } from "../../stack/stack-file.ts";
import { findCredentials } from "../pulumi/stack-tenant.ts";
import { missing, ok, problem, skipped, type Check } from "./check.ts";

/** There are Auth0 credentials, and they are the stack's tenant's. */
export const checkCredentials: Check = {
  name: "credentials",
  run: async ({ stack, env, pulumi }, facts) => {
    if (facts.config === undefined) return skipped("The configuration does not name the tenant");
    const { auth0Domain: domain } = facts.config.config;
    const credentials = await findCredentials({ stack, domain }, env, pulumi);
    facts.credentials = credentials;
    const who = "token" in credentials.clientAuth ? "a token" : `client ${credentials.clientAuth.clientId}`;
    return ok(
      `${who} from ${credentials.source === "stack outputs" ? "the stack's outputs" : credentials.source}`,
    );
  },
};

/** The tenant gives a Management API token for the credentials. */
export const checkToken: Check = {
  name: "token",
  run: async (_surroundings, facts) => {
    if (facts.credentials === undefined) return skipped("There are no credentials");
    facts.access = await requestAccess(facts.credentials);
    return ok(
      "token" in facts.credentials.clientAuth ? "AUTH0_API_TOKEN has not expired" : "the tenant issues one",
    );
  },
};

/** The Actions are deployed with the program's code, and bound in their order. */
export const checkActions: Check = {
  name: "actions",
  run: async ({ stack, env }, { access, config }) => {
    if (access === undefined || config === undefined) return skipped("There is no token");
    if (!access.scopes.includes("read:actions"))
      return skipped("The token may not read Actions (read:actions)");
    const names = actionList.map(({ name }) => name);
    const { actions, bound } = await readFlow(access, names);
    const { pins } = readPins(pinFiles(stackName(stack), env));
    const program = programActions(bundleActions(config.settings), pins);
    const wrong = [
      ...program.flatMap((bundle) => actionProblem(bundle, actions) ?? []),
      ...(isInOrder(bound, names)
        ? []
        : [
            `bound in the Login flow ${bound.length > 1 ? "are" : "is"} ${bound.join(", ") || "none of them"}`,
          ]),
    ];
    if (wrong.length === 0) return ok(`${names.join(", ")}: deployed and bound, with the program's code`);
    const remedy = "run pulumi preview --refresh to see what pulumi up --refresh would fix";
    const areAllMissing = !actions.some(({ name }) => names.some((own) => own === name));
    return (areAllMissing ? missing : problem)(wrong.join("; "), remedy);
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
