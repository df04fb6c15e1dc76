import { ApiError } from "./api-error.ts";
import type { ProviderSettings } from "./read-settings.ts";
import { sendWithRetries, type ApiRequest, type SendOptions } from "./send-with-retries.ts";

/** The tenant's Management API, as far as resources need it. */
export interface ManagementApi {
  /** Reads below `/api/v2`; repeated where the answer was lost. */
  get(path: string): Promise<unknown>;
  /** Writes below `/api/v2`; never repeated, see write-retries.ts. */
  patch(path: string, body: object): Promise<unknown>;
  /** For reads that wait until a write shows, and for writes that a rate limit stopped. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Opens the Management API. The token is asked for at the first request, once. */
export function managementApi(
  { domain, credentials }: ProviderSettings,
  options: SendOptions,
): ManagementApi {
  const origin = `https://${domain}`;
  let token: Promise<string> | undefined;
  const authorization = async () => {
    if ("token" in credentials) return credentials.token;
    token ??= requestToken(origin, credentials, options);
    return token;
  };
  const send = async (request: ApiRequest) => {
    const headers = { authorization: `Bearer ${await authorization()}` };
    return sendWithRetries({ ...request, url: `${origin}/api/v2${request.url}`, headers }, options);
  };
  return {
    get: (path) => send({ method: "GET", url: path, repeatable: true }),
    patch: (path, body) => send({ method: "PATCH", url: path, body, repeatable: false }),
    pause: options.pause,
  };
}

async function requestToken(
  origin: string,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  options: SendOptions,
): Promise<string> {
  const body = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience: `${origin}/api/v2/`,
  };
  const url = `${origin}/oauth/token`;
  const answer = (await sendWithRetries({ method: "POST", url, body, repeatable: true }, options)) as {
    readonly access_token?: unknown;
  };
  if (typeof answer.access_token === "string") return answer.access_token;
  throw new ApiError({ request: `POST ${url}`, status: 200, why: "the answer holds no access_token" });
}
