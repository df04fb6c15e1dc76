import { readFileSync } from "node:fs";
import { Agent, request } from "undici";

export interface ManagementApi {
  /** Sends a request below `/api/v2`; rejects where the answer is no success. */
  readonly call: (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export interface ManagementApiOptions {
  readonly domain: string;
  readonly caFile: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The tenant's Management API as any program outside uses it: over TLS, with a token of its own. */
export async function managementApi(options: ManagementApiOptions): Promise<ManagementApi> {
  const { domain, caFile, clientId, clientSecret } = options;
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  const send = async (method: string, url: string, headers: Record<string, string>, body: unknown) => {
    const answer = await request(url, {
      method: method as "GET",
      dispatcher,
      headers: { "content-type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };
  const credentials = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience: `https://${domain}/api/v2/`,
  };
  const token = (await send("POST", `https://${domain}/oauth/token`, {}, credentials)) as {
    access_token: string;
  };
  const authorization = `Bearer ${token.access_token}`;
  return {
    call: (method, path, body) => send(method, `https://${domain}/api/v2${path}`, { authorization }, body),
    close: () => dispatcher.close(),
  };
}
