import { actionList } from "../../infra/action-list.ts";
import { readFlow } from "../actions-api/read-flow.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import type { ImpactFlow } from "./impact-flow.ts";

/**
 * What logins run now: the deployed code, never the draft's, of those of our Actions that are bound, in the flow's order.
 * Other people's Actions between them are not run: what they set under other names changes no picture.
 *
 * @throws ExpectedError as `readFlow` does.
 */
export async function deployedFlow(access: ManagementAccess): Promise<ImpactFlow> {
  const { actions, bound } = await readFlow(
    access,
    actionList.map(({ name }) => name),
  );
  return {
    origin: { from: "deployed", tenant: access.domain },
    actions: bound.flatMap((name) => {
      const code = actions.find((action) => action.name === name)?.deployed?.code;
      return code === undefined ? [] : [{ name, code }];
    }),
  };
}
