import { runtime, type ProviderResource } from "@pulumi/pulumi";
import { ExpectedError } from "./expected-error.ts";

/**
 * Asks the tenant through our own provider, before anything is registered.
 *
 * @param token Of the provider's function.
 * @throws ExpectedError `auth0-refused` with what the provider says: a scope that is missing, a tenant that does not answer.
 */
export async function askTenant<T>(
  token: string,
  args: Readonly<Record<string, unknown>>,
  provider: ProviderResource,
): Promise<T> {
  try {
    return (await runtime.invoke(token, args, { provider })) as T;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("auth0-refused", why, { cause });
  }
}
