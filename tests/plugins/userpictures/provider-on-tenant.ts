import { readFileSync } from "node:fs";
import { Agent, fetch, type RequestInit } from "undici";
import type { Provider } from "../../../plugins/grpc/provider.ts";
import { createProvider } from "../../../plugins/userpictures/create-provider.ts";
import { setupTenant, type TestTenant } from "../../tenant/setup-tenant.ts";

export interface ProviderOnTenant extends TestTenant {
  /** Configured for the tenant. */
  readonly provider: Provider;
  /** Runs after each answer of the tenant to the provider, before the provider gets it. */
  afterAnswer: (method: string, path: string) => Promise<void>;
  /** Answers in the tenant's place, which then does not get the request; undefined lets it through. */
  answerInstead: (method: string, path: string) => Promise<Response | undefined>;
  /** The writes that the provider sent. */
  readonly writes: string[];
  /** A provider whose application has these scopes only. */
  readonly providerWith: (...scopes: string[]) => Promise<Provider>;
}

/** Answers the first writes with 429, and runs `meanwhile` before each of these answers. */
export function rateLimitWrites(
  current: ProviderOnTenant,
  times: number,
  meanwhile: () => Promise<unknown>,
): void {
  let left = times;
  current.answerInstead = async (method) => {
    if (method !== "PATCH" || left === 0) return undefined;
    left -= 1;
    await meanwhile();
    return new Response("{}", { status: 429, headers: { "retry-after": "30" } });
  };
}

/** A tenant and a provider on it for each test of the surrounding suite; pauses take no time. */
export function providerOnTenant(): () => ProviderOnTenant {
  const setup = setupTenant();
  let agent: Agent;
  let current: ProviderOnTenant;

  beforeEach(async () => {
    const { tenant, certificates, tokenWith } = setup();
    agent = new Agent({ connect: { ca: readFileSync(certificates.caFile, "utf8") } });
    const send = async (url: string, init: object) => {
      const { method = "GET" } = init as RequestInit;
      const { pathname } = new URL(url);
      if (pathname.startsWith("/api/") && method !== "GET") current.writes.push(`${method} ${pathname}`);
      const answered = await current.answerInstead(method, pathname);
      if (answered !== undefined) return answered;
      const answer = await fetch(url, { ...(init as RequestInit), dispatcher: agent });
      await current.afterAnswer(method, pathname);
      return answer;
    };
    const configured = async (env: Record<string, string>) => {
      const provider = createProvider({ env, fetch: send, pause: () => Promise.resolve(), now: Date.now });
      await provider.configure({ domain: tenant.domain });
      return provider;
    };
    current = {
      ...setup(),
      provider: await configured({
        AUTH0_CLIENT_ID: tenant.clientId,
        AUTH0_CLIENT_SECRET: tenant.clientSecret,
      }),
      providerWith: async (...scopes) => configured({ AUTH0_API_TOKEN: await tokenWith(...scopes) }),
      afterAnswer: () => Promise.resolve(),
      answerInstead: () => Promise.resolve(undefined),
      writes: [],
    };
  });
  afterEach(() => agent.close());
  return () => current;
}
