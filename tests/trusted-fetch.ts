import { readFileSync } from "node:fs";
import { Agent, fetch as fetchWith } from "undici";

/**
 * Lets `fetch` reach a local tenant until `restore`: the test runner was not started with its certificate authority,
 * as a command is.
 */
export function trustedFetch(caFile: string): { readonly restore: () => Promise<void> } {
  const own = globalThis.fetch;
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  globalThis.fetch = (async (url: string, init?: RequestInit) =>
    fetchWith(url, { ...(await withoutForm(init)), dispatcher } as object)) as unknown as typeof fetch;
  return {
    restore: async () => {
      globalThis.fetch = own;
      await dispatcher.close();
    },
  };
}

/** The same around each test of the surrounding suite. */
export function trustForEachTest(caFile: () => string): void {
  let trusted: ReturnType<typeof trustedFetch> | undefined;
  beforeEach(() => {
    trusted = trustedFetch(caFile());
  });
  afterEach(() => trusted?.restore());
}

/** The library takes Node's own form for a text. */
async function withoutForm(init: RequestInit = {}): Promise<RequestInit> {
  if (!(init.body instanceof FormData)) return init;
  const form = new Response(init.body);
  const headers = new Headers(init.headers);
  headers.set("content-type", form.headers.get("content-type") ?? "");
  return { ...init, headers: Object.fromEntries(headers), body: Buffer.from(await form.arrayBuffer()) };
}
