import { isRecord, recordsIn, textIn, type JsonRecord } from "../../lib/json.ts";
import type { Candidate, ResourceKind, Services } from "./resource-kind.ts";

/** An Action's name is the only one in its tenant. */
export const actionKind: ResourceKind = {
  type: "auth0:index/action:Action",
  isRepeatable: false,
  permissions: ["read:actions"],
  find: async (inputs, { management }) => {
    const name = textIn(inputs, "name");
    // Whether the filter takes the beginning of a name for it is not known.
    const found = (await management.actions.list({ actionName: name, per_page: 100 })).data;
    return found
      .filter((action) => action.name === name)
      .map(({ id = "", code = "", deployed_version: deployed }) => {
        const isOurs = [code, deployed?.code ?? ""].some((text) => hasHeader(text, name));
        const because = isOurs
          ? "its code begins with the header of this project"
          : "its code does not begin with the header of this project";
        return { id, what: `Action ${id} ("${name}")`, isOurs, because };
      });
  },
  unfinished: async (id, inputs, { management }) => {
    if (inputs["deploy"] !== true) return undefined;
    const { code, all_changes_deployed: isDeployed } = await management.actions.get(id);
    // Another draft is a manual edit; the next `up` decides about that.
    if (isDeployed !== false || code !== inputs["code"]) return undefined;
    return "its draft is the program's, but it was never deployed";
  },
  finish: (id, { management }) => management.actions.deploy(id),
};

/** See the header in stack/bundle-actions.ts. */
function hasHeader(code: string, name: string): boolean {
  return code.startsWith(`// ${name}: made by auth0-user-pictures `);
}

export const clientKind: ResourceKind = {
  type: "auth0:index/client:Client",
  isRepeatable: false,
  permissions: ["read:clients"],
  isNamedByUser: true,
  find: async (inputs, services) => {
    const name = textIn(inputs, "name");
    const mark = isRecord(inputs["clientMetadata"]) ? inputs["clientMetadata"] : {};
    return (await clientsNamed(name, services)).map(({ id, metadata }): Candidate => {
      const isOurs = carries(metadata, mark);
      const because = isOurs
        ? "its metadata has the mark of this stack"
        : "its metadata lacks the mark of this stack (managed_by, stack)";
      return { id, what: `client ${id} ("${name}")`, isOurs, because };
    });
  },
  remove: (id, { management }) => management.clients.delete(id),
};

/** A stack without a mark (one of an older program) can prove nothing. */
function carries(metadata: JsonRecord, mark: JsonRecord): boolean {
  const entries = Object.entries(mark).filter(([key]) => key !== "__defaults");
  return mark["managed_by"] !== undefined && entries.every(([key, value]) => metadata[key] === value);
}

async function clientsNamed(
  name: string,
  { management }: Services,
): Promise<{ readonly id: string; readonly metadata: JsonRecord }[]> {
  const fields = "client_id,name,client_metadata";
  const query = { fields, include_fields: true, per_page: 100, include_totals: true };
  const named: { id: string; metadata: JsonRecord }[] = [];
  for await (const client of await management.clients.list(query)) {
    if (client.name !== name) continue;
    named.push({ id: client.client_id ?? "", metadata: client.client_metadata ?? {} });
  }
  return named;
}

/**
 * There is one for a client and an audience; whose the client is, its is too. So one that the state does not know is no
 * duplicate but the only one, under another id than the state's. Those of a client that is removed go with it.
 */
export const clientGrantKind: ResourceKind = {
  type: "auth0:index/clientGrant:ClientGrant",
  isRepeatable: false,
  permissions: ["read:client_grants"],
  find: async (inputs, { management }) => {
    const clientId = textIn(inputs, "clientId");
    if (clientId === "") return [];
    const query = { client_id: clientId, audience: textIn(inputs, "audience") };
    const { data } = await management.clientGrants.list(query);
    return data.map(({ id = "" }) => ({
      id,
      what: `grant ${id} of client ${clientId}`,
      isOurs: true,
      because: "it is the grant of the stack's own client",
    }));
  },
};

export const clientCredentialsKind: ResourceKind = {
  type: "auth0:index/clientCredentials:ClientCredentials",
  isRepeatable: true,
  permissions: [],
  find: (inputs) => {
    const id = textIn(inputs, "clientId");
    const what = `the credentials of client ${id}`;
    const because = "they belong to the stack's own client";
    return Promise.resolve(id === "" ? [] : [{ id, what, isOurs: true, because }]);
  },
};

/** The whole list of a trigger's Actions: creating it is writing it. */
export const triggerActionsKind: ResourceKind = {
  type: "auth0:index/triggerActions:TriggerActions",
  isRepeatable: true,
  permissions: ["read:actions"],
  find: async (inputs, { management }) => {
    const trigger = textIn(inputs, "trigger");
    const bound = await boundTo(trigger, management);
    const what = `the ${bound.length === 1 ? "Action" : "Actions"} bound to ${trigger} (${bound.map(({ displayName }) => displayName).join(", ")})`;
    const because = "a tenant has one list for each trigger";
    return bound.length === 0 ? [] : [{ id: trigger, what, isOurs: true, because }];
  },
};

/** Our Actions in that list; the names in the import's id say which these are. */
export const sharedFlowKind: ResourceKind = {
  type: "userpictures:index:SharedFlow",
  isRepeatable: true,
  permissions: ["read:actions"],
  find: async (inputs, { management }) => {
    const trigger = textIn(inputs, "trigger");
    const ours = recordsIn(inputs, "actions").map((action) => textIn(action, "displayName"));
    const bound = (await boundTo(trigger, management)).filter(({ name }) => ours.includes(name));
    const names = bound.map(({ name }) => name).join(",");
    const what = `the place of ${names} among the Actions bound to ${trigger}`;
    const id = `${trigger}/${names}/${textIn(inputs, "position")}`;
    const because =
      bound.length === 1 ? "this is an Action of the program" : "these are Actions of the program";
    return bound.length === 0 ? [] : [{ id, what, isOurs: true, because }];
  },
};

interface Bound {
  /** The Action's. */
  readonly name: string;
  readonly displayName: string;
}

async function boundTo(trigger: string, management: Services["management"]): Promise<readonly Bound[]> {
  // The SDK knows the triggers by name and may not know every one; the path takes any.
  const { data } = await management.actions.triggers.bindings.list(trigger as "post-login", {
    per_page: 100,
  });
  return data.map(({ display_name: displayName = "", action }) => ({
    name: action?.name ?? "",
    displayName,
  }));
}
