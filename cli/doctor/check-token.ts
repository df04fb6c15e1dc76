import { requestAccess } from "../management/request-access.ts";
import type { Check } from "./check.ts";
import { ok, skipped } from "./finding.ts";

/** The tenant gives a Management API token for the credentials. */
export const checkToken: Check = {
  name: "token",
  run: async (_surroundings, facts) => {
    if (facts.credentials === undefined) return skipped("There are no credentials to ask with");
    facts.access = await requestAccess(facts.credentials);
    return ok("token" in facts.credentials.proof ? "AUTH0_API_TOKEN has not ended" : "the tenant gives one");
  },
};
