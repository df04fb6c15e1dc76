import { createLoginClient, type LoginClient, type LoginClientOptions } from "../login/login.ts";

/** The page's application logging a user in without their browser: the same OpenID Connect login, walked by the server. */
export interface HeadlessLogin {
  /**
   * The ID token's claims. Rejects with a LoginError where the tenant ends the login.
   *
   * @param identity The id of one of the user's identities; the primary one where it is left out.
   */
  readonly logIn: (userId: string, identity?: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly close: () => Promise<void>;
}

export function createHeadlessLogin(options: LoginClientOptions): HeadlessLogin {
  // Made at the first login: discovery asks the tenant, whose routes are not all there yet.
  let client: Promise<LoginClient> | undefined;
  return {
    logIn: async (userId, identity) => {
      client ??= createLoginClient(options);
      try {
        const person = { userId, ...(identity === undefined ? {} : { identity }) };
        return (await (await client).login(person)).idTokenClaims;
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
