import type { ProviderResource } from "@pulumi/pulumi";
import { actionList } from "./action-list.ts";
import { askTenant } from "./ask-tenant.ts";
import { ExpectedError } from "./expected-error.ts";

/**
 * Fails where the Login flow holds other people's Actions that an exclusive flow would unbind and nobody named.
 *
 * @param allowed Config key `dropForeignActions`.
 * @throws ExpectedError `flow-drops-actions` or `auth0-refused`.
 */
export async function checkExclusiveFlow(
  allowed: readonly string[],
  provider: ProviderResource,
): Promise<void> {
  const { actions } = await askTenant<{ readonly actions: readonly { readonly name: string }[] }>(
    "userpictures:index:boundActions",
    { trigger: "post-login" },
    provider,
  );
  const kept = new Set<string>([...actionList.map(({ name }) => name), ...allowed]);
  const dropped = actions.map(({ name }) => name).filter((name) => !kept.has(name));
  if (dropped.length === 0) return;
  throw new ExpectedError(
    "flow-drops-actions",
    `The Login flow holds Actions that are not this project's: ${dropped.join(", ")}. With flowOwnership exclusive they would be ` +
      `unbound. Set flowOwnership to shared, or name them in dropForeignActions: ` +
      `pulumi config set dropForeignActions '${JSON.stringify([...allowed, ...dropped])}'.`,
  );
}
