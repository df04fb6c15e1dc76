import { pollUntil } from "../../lib/clock.ts";
import type { ActionBundle } from "../../stack/bundle-actions.ts";
import type { ManagementApi } from "../management-api.ts";

interface Created {
  id: string;
  client_id: string;
}

interface Connection {
  id: string;
  name: string;
  options: object;
}

const apiIdentifier = "https://api.example.com/pictures";

/** Configures one record at least of every family that the Deploy CLI is asked for. */
export async function configureTenant(api: ManagementApi, bundles: readonly ActionBundle[]): Promise<void> {
  const actions = [...bundles, { name: "With secret and module", code: handler }];
  const ids: string[] = [];
  for (const { name, code } of actions) ids.push(await deployedAction(api, name, code));
  const bindings = ids.toReversed().map((value, index) => ({
    display_name: `Step ${index + 1}`,
    ref: { type: "action_id", value },
  }));
  await api.call("PATCH", "/actions/triggers/post-login/bindings", { bindings });

  const scopes = [{ value: "read:pictures", description: "See pictures" }, { value: "write:pictures" }];
  await api.call("POST", "/resource-servers", { name: "Pictures", identifier: apiIdentifier, scopes });
  const web = await createClient(api, {
    name: "Web",
    app_type: "spa",
    callbacks: ["https://example.com/in"],
  });
  const uploader = await createClient(api, { name: "Uploader", app_type: "non_interactive" });
  const scope = ["read:pictures"];
  await api.call("POST", "/client-grants", { client_id: uploader, audience: apiIdentifier, scope });

  await configureConnections(api, web);
  await configureRole(api);
  const settings = { friendly_name: "Example", session_lifetime: 24, flags: { enable_sso: false } };
  await api.call("PATCH", "/tenants/settings", settings);
}

const handler = "exports.onExecutePostLogin = async (event, api) => {};";

async function deployedAction(api: ManagementApi, name: string, code: string): Promise<string> {
  const hasSecret = code === handler;
  const extra = hasSecret
    ? { secrets: [{ name: "KEY", value: "hidden" }], dependencies: [{ name: "lodash", version: "4.17.21" }] }
    : {};
  const supported_triggers = [{ id: "post-login", version: "v3" }];
  const body = { name, code, supported_triggers, runtime: "node22", ...extra };
  const { id } = (await api.call("POST", "/actions/actions", body)) as Created;
  await built(api, id);
  await api.call("POST", `/actions/actions/${id}/deploy`);
  return id;
}

async function built(api: ManagementApi, id: string): Promise<void> {
  const isBuilt = async (): Promise<boolean> => {
    const { status } = (await api.call("GET", `/actions/actions/${id}`)) as { status: string };
    return status === "built";
  };
  if (!(await pollUntil(isBuilt, { withinMs: 45_000 })))
    throw new Error(`The build of ${id} takes too long.`);
}

async function createClient(api: ManagementApi, body: object): Promise<string> {
  return ((await api.call("POST", "/clients", body)) as Created).client_id;
}

async function configureConnections(api: ManagementApi, clientId: string): Promise<void> {
  const connections = (await api.call("GET", "/connections")) as Connection[];
  for (const { id, name, options } of connections) {
    await api.call("PATCH", `/connections/${id}`, { options: { ...options, ...ownOptions[name] } });
    await api.call("PATCH", `/connections/${id}/clients`, [{ client_id: clientId, status: true }]);
  }
}

const ownOptions: Record<string, object> = {
  // The Deploy CLI writes disable_self_service_change_password into each database that it updates.
  "Username-Password-Authentication": {
    passwordPolicy: "excellent",
    disable_self_service_change_password: false,
  },
  "google-oauth2": { set_user_root_attributes: "on_first_login" },
};

async function configureRole(api: ManagementApi): Promise<void> {
  const role = { name: "Curator", description: "Looks after pictures" };
  const { id } = (await api.call("POST", "/roles", role)) as Created;
  const permission = { resource_server_identifier: apiIdentifier, permission_name: "write:pictures" };
  await api.call("POST", `/roles/${id}/permissions`, { permissions: [permission] });
}
