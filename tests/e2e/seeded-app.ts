import type { Tenant } from "../../tenant/create-tenant.ts";

/** A public application of the tenant, for logins with the code flow and PKCE; nothing listens at its callback. */
export function seededApp(tenant: Tenant): { readonly clientId: string; readonly redirectUri: string } {
  const redirectUri = "https://app.test/callback";
  const { client_id: clientId } = tenant.clients.create({
    name: "App",
    app_type: "spa",
    token_endpoint_auth_method: "none",
    callbacks: [redirectUri],
  });
  return { clientId, redirectUri };
}
