import { compare, type Fact } from "../../fact.ts";
import { clientScopes, limitedToken } from "../../steps/clients.ts";
import { connectionScopes, readOptions, socialConnection } from "../../steps/connections.ts";

export const scopeOfOptionsWrite: Fact = {
  id: "scope-of-options-write",
  title: "Without update:connections_options a connection's options cannot be written",
  reliedOnBy: {
    document: "docs/shared-tenants.md",
    code: ["cli/doctor/check-scopes.ts", "tenant/management/connections.ts"],
  },
  scopes: [...clientScopes, ...connectionScopes],
  check: async (context) => {
    const { id } = await socialConnection(context);
    const { token } = await limitedToken(context);
    const options = await readOptions(context, id);
    const { status } = await context.calls.api("PATCH", `/connections/${id}`, { token, body: { options } });
    return compare({ status: [403, status] });
  },
};
