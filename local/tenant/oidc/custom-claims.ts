import type { Provider } from "oidc-provider";

/** Under this key an account's claims carry those that Actions set. */
export const customClaims = Symbol("claims set by Actions");

interface ClaimsPrototype {
  available: Record<PropertyKey, unknown>;
  result: () => Promise<Record<string, unknown>>;
}

/**
 * Lets claims of any name into the ID tokens and /userinfo answers of this one provider. oidc-provider itself only passes
 * names that were listed when it was made and that a scope asked for; an Action may make up any, whatever the scope, and
 * its value replaces a root claim's.
 */
export function allowCustomClaims(provider: Provider): void {
  const prototype = provider.Claims.prototype as unknown as ClaimsPrototype;
  const { result } = prototype;
  prototype.result = async function withCustomClaims() {
    const custom = this.available[customClaims];
    return { ...(await result.call(this)), ...(custom as Record<string, unknown> | undefined) };
  };
}
