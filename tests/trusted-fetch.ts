import { readFileSync } from "node:fs";
import { Agent, fetch as fetchWith } from "undici";

/**
 * Lets `fetch` reach a local tenant until `restore`: the test runner was not started with its certificate authority,
 * as a command is.
 */
export function trustedFetch(caFile: string): { readonly restore: () => Promise<void> } {
  const own = globalThis.fetch;
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  globalThis.fetch = ((url: string, init: object) =>
    fetchWith(url, { ...init, dispatcher })) as unknown as typeof fetch;
  return {
    restore: async () => {
      globalThis.fetch = own;
      await dispatcher.close();
    },
  };
}
