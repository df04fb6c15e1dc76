/**
 * What every Auth0 application of a stack carries in its `client_metadata`, so that it is known for ours where no
 * state tells of it any more. Auth0 takes texts of at most 255 characters there.
 */
export function clientMark(stack: string): { readonly managed_by: string; readonly stack: string } {
  return { managed_by: "auth0-user-pictures", stack };
}
