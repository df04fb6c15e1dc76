import { createLoginClient, type LoginClient, type LoginClientOptions } from "../login/login.ts";

/** The page's application logging a user in without their browser: the same OpenID Connect login, walked by the server. */
export interface HeadlessLogin {
  /** The ID token's claims. Rejects with a LoginError where the tenant ends the login. */
  readonly logIn: (userId: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly close: () => Promise<void>;
}

export function createHeadlessLogin(options: LoginClientOptions): HeadlessLogin {
  // Made at the first login: discovery asks the tenant, whose routes are not all there yet.
  let client: Promise<LoginClient> | undefined;
  return {
    logIn: async (userId) => {
      client ??= createLoginClient(options);
      try {
        return (await (await client).login({ userId })).idTokenClaims;
      } catch (error) {
        // A failed discovery is not kept.
        await client.catch(() => (client = undefined));
        throw error;
      }
    },
    close: async () => {
      await (await client?.catch(() => undefined))?.close();
    },
  };
}
