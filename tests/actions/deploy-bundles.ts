import type { ActionBundle } from "../../stack/bundle-actions.ts";
import type { ManagementApi } from "../management-api.ts";

interface Action {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** Creates or updates the Actions over the API, deploys them and binds them in their order, as a deployment does. */
export async function deployBundles(api: ManagementApi, bundles: readonly ActionBundle[]): Promise<void> {
  for (const { name, code } of bundles) {
    const former = await findAction(api, name);
    const body = { code, runtime: "node22" };
    const saved = (await (former === undefined
      ? api.call("POST", "/actions/actions", {
          ...body,
          name,
          supported_triggers: [{ id: "post-login", version: "v3" }],
        })
      : api.call("PATCH", `/actions/actions/${former.id}`, body))) as Action;
    await untilBuilt(api, saved.id);
    await api.call("POST", `/actions/actions/${saved.id}/deploy`);
  }
  const bindings = bundles.map(({ name }) => ({
    display_name: name,
    ref: { type: "action_name", value: name },
  }));
  await api.call("PATCH", "/actions/triggers/post-login/bindings", { bindings });
}

async function findAction(api: ManagementApi, name: string): Promise<Action | undefined> {
  const { actions } = (await api.call("GET", `/actions/actions?actionName=${name}`)) as { actions: Action[] };
  return actions.find((action) => action.name === name);
}

async function untilBuilt(api: ManagementApi, id: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { status } = (await api.call("GET", `/actions/actions/${id}`)) as Action;
    if (status === "built") return;
  }
  throw new Error(`Action ${id} was not built.`);
}
