import { UploadError } from "./upload-error.ts";

/** The Management API client of the stack: its outputs `managementClientId` and `managementClientSecret`. */
export interface ManagementAccess {
  readonly domain: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * On the server: makes `picture` the one that the user's next login shows; an empty string removes the
 * picture. A PATCH of metadata merges at the top level, so the user's other metadata stay.
 *
 * @returns what `user_metadata.picture` was before, as it was.
 * @throws UploadError `auth0-refused`.
 */
export async function setUserPicture(
  access: ManagementAccess,
  userId: string,
  picture: string,
): Promise<unknown> {
  const authorization = `Bearer ${await managementToken(access)}`;
  const url = `https://${access.domain}/api/v2/users/${encodeURIComponent(userId)}`;
  const before = await callAuth0(`${url}?fields=user_metadata`, { headers: { authorization } });
  await callAuth0(url, {
    method: "PATCH",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ user_metadata: { picture } }),
  });
  return (before as { user_metadata?: { picture?: unknown } | null }).user_metadata?.picture;
}

/** A new token each time, for the example's brevity; a server keeps it until shortly before it expires. */
async function managementToken({ domain, clientId, clientSecret }: ManagementAccess): Promise<string> {
  const answer = await callAuth0(`https://${domain}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      audience: `https://${domain}/api/v2/`,
    }),
  });
  return (answer as { access_token: string }).access_token;
}

async function callAuth0(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init);
  if (answer.ok) return answer.json();
  // The path without its query, and no body: both may hold what does not belong into a log.
  const call = `${init.method ?? "GET"} ${new URL(url).pathname.split("/").slice(0, 4).join("/")}`;
  throw new UploadError(
    "auth0-refused",
    `Auth0 answered ${answer.status} to ${call}. Check the user, the client's credentials and its grant (read:users, update:users).`,
  );
}
