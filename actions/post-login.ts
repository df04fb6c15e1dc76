/**
 * The part of Auth0's post-login Action interface that this project uses, from Auth0's public reference
 * (Actions > Triggers > post-login > event object, api object). Auth0 publishes no package with these types.
 *
 * Nothing in the event is relied on: every member may be missing or of another type, so each is `unknown` and
 * the policy narrows it. What an Action does to a login goes through `api` alone.
 */
export interface PostLoginEvent {
  readonly user?: unknown;
  readonly connection?: unknown;
  readonly client?: unknown;
  /** Missing when a refresh token is exchanged, or without `requested_scopes` then. */
  readonly transaction?: unknown;
}

export interface PostLoginApi {
  readonly idToken: {
    /** Sets a claim of the ID token. A later Action that sets the same name wins. */
    setCustomClaim(name: string, value: string): void;
  };
  readonly samlResponse: {
    /** Sets an attribute of the SAML assertion; without effect on a login of another protocol. */
    setAttribute(name: string, value: string): void;
  };
}

/** What Auth0 calls when the trigger runs. */
export type PostLoginAction = (event: PostLoginEvent, api: PostLoginApi) => Promise<void>;
