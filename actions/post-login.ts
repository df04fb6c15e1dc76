/**
 * The part of Auth0's post-login Action interface that this project uses, from Auth0's public reference
 * (Actions > Triggers > post-login > event object / api object). Auth0 publishes no package with these types.
 *
 * Nothing in the event is relied on: every member may be missing or of another type, so the policy takes it
 * as `unknown` and narrows it.
 */
export type PostLoginEvent = unknown;

export interface PostLoginApi {
  readonly idToken: {
    /** Sets a claim of the ID token. A later Action that sets the same name wins. */
    setCustomClaim(name: string, value: string): void;
  };
}
