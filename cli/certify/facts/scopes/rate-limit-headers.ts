import { success } from "../../context.ts";
import { compare, type Fact } from "../../fact.ts";

/** Auth0's periods are a minute or less; clocks differ a little. */
const longestMs = 2 * 60_000;

export const rateLimitHeaders: Fact = {
  id: "rate-limit-headers",
  title: "Every answer has x-ratelimit-limit, -remaining and -reset, the last in Unix seconds",
  reliedOnBy: {
    document: "docs/bulk.md",
    code: ["lib/retry.ts", "auth0/management-client.ts", "tenant/faults/register-faults.ts"],
  },
  scopes: ["read:users"],
  check: async ({ calls }) => {
    success(await calls.api("GET", "/users?per_page=1"), "listing users");
    const { lacking, last } = calls.rateLimit;
    const isNear = last !== undefined && Math.abs(last.reset * 1000 - Date.now()) < longestMs;
    return compare({
      "calls whose answers lack one": [
        [],
        [...new Set(lacking.map((call) => call.split("?", 1)[0]))].slice(0, 3),
      ],
      "remaining is at most limit": [true, last !== undefined && last.remaining <= last.limit],
      "reset is near": [true, isNear],
    });
  },
};
