import type * as OidcProvider from "oidc-provider";

let loaded: Promise<typeof OidcProvider> | undefined;

/**
 * oidc-provider, loaded at the first call. It works on Node 20 and says at every start that it would rather have 22: that
 * one line is kept from the people who start a tenant.
 */
export function loadOidcProvider(): Promise<typeof OidcProvider> {
  loaded ??= loadQuietly();
  return loaded;
}

async function loadQuietly(): Promise<typeof OidcProvider> {
  const { warn } = console;
  console.warn = (...values: unknown[]) => {
    if (!String(values[0]).includes("oidc-provider WARNING: Unsupported runtime")) warn(...values);
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}
