import assert from "node:assert/strict";
import { ApiError } from "../../../plugins/userpictures/errors.ts";
import {
  managementApi,
  sendWithRetries,
  writeRetries,
  type ApiRequest,
} from "../../../plugins/userpictures/management-api.ts";

const read: ApiRequest = { method: "GET", url: "https://acme.eu.auth0.com/api/v2/x", repeatable: true };
const write: ApiRequest = { ...read, method: "PATCH", body: { secret: "s" }, repeatable: false };

/** Answers in this order: a status with headers, or undefined for none. */
function tenant(...answers: (readonly [status: number, headers?: Record<string, string>] | undefined)[]) {
  const pauses: number[] = [];
  return {
    pauses,
    left: answers,
    options: {
      fetch: () => {
        const answer = answers.shift();
        if (answer === undefined) return Promise.reject(new Error("fetch failed"));
        const [status, headers = {}] = answer;
        return Promise.resolve(new Response('{"message":"secret s","done":true}', { status, headers }));
      },
      pause: (ms: number) => {
        pauses.push(ms);
        return Promise.resolve();
      },
      now: () => 1_000_000,
    },
  };
}

describe("a request to the Management API", () => {
  it("is not repeated where it may have been done, and its answer's text is not shown", async () => {
    const { options, left } = tenant([500], [200]);
    await assert.rejects(sendWithRetries(write, options), ({ isUncertain, message }: ApiError) => {
      assert.equal(isUncertain, true);
      assert.match(message, /^PATCH https:\/\/acme\.eu\.auth0\.com\/api\/v2\/x: status 500\./);
      assert.doesNotMatch(message, /secret/);
      return true;
    });
    assert.equal(left.length, 1);
  });

  it("is not repeated where it was refused", async () => {
    const { options, left } = tenant([403], [200]);
    await assert.rejects(sendWithRetries(read, options), { code: "auth0-refused", status: 403 });
    assert.equal(left.length, 1);
  });

  it("gives up in the end", async () => {
    const { options, pauses } = tenant();
    await assert.rejects(sendWithRetries(read, options), { code: "auth0-unreachable" });
    assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000]);
  });

  it("is not repeated after a rate limit where it may be made of a read, but says how long to wait", async () => {
    const { options, left, pauses } = tenant([429, { "x-ratelimit-reset": "1007" }], [200]);
    await assert.rejects(sendWithRetries(write, options), { status: 429, waitMs: 7000, isUncertain: false });
    assert.equal(left.length, 1);
    assert.deepEqual(pauses, []);
  });

  it("waits for the end of a rate limit where it is repeatable, but no longer than a minute", async () => {
    const limited = tenant([429, { "x-ratelimit-reset": "1007" }], [429, { "retry-after": "3600" }], [200]);
    assert.deepEqual(await sendWithRetries(read, limited.options), { message: "secret s", done: true });
    assert.deepEqual(limited.pauses, [7000, 60_000]);
  });

  it("is repeated where it is a read that failed", async () => {
    const { options } = tenant(undefined, [502], [200]);
    assert.deepEqual(await sendWithRetries(read, options), { message: "secret s", done: true });
  });
});

describe("the token of the Management API", () => {
  const settings = { domain: "acme.eu.auth0.com", credentials: { clientId: "id", clientSecret: "hush" } };

  it("that is refused says which variables to check, and not their values", async () => {
    const { options } = tenant([401]);
    await assert.rejects(managementApi(settings, options).get("/x"), (error: ApiError) => {
      assert.deepEqual([error.code, error.status], ["auth0-refused", 401]);
      assert.match(
        error.message,
        /^POST https:\/\/acme\.eu\.auth0\.com\/oauth\/token: status 401\. .*AUTH0_CLIENT_ID/,
      );
      assert.doesNotMatch(error.message, /hush|secret s/);
      return true;
    });
  });

  it("is waited for while a rate limit lasts, and is given up with a code", async () => {
    const { options, pauses } = tenant(
      ...Array.from({ length: 6 }, () => [429, { "retry-after": "9" }] as const),
    );
    await assert.rejects(managementApi(settings, options).get("/x"), { code: "auth0-unreachable" });
    assert.deepEqual(pauses, [9000, 9000, 9000, 9000, 9000]);
  });
});

const request = "PATCH https://acme.eu.auth0.com/api/v2/x";
const limited = new ApiError({ request, status: 429, why: "status 429", waitMs: 3000 });
const lost = new ApiError({ request, status: undefined, why: "no answer" });

function retries() {
  const pauses: number[] = [];
  const pause = (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  };
  return { pauses, untilRetry: writeRetries({ pause }) };
}

describe("the retries of a write that is made of a read", () => {
  it("are none after a refusal or an error of our own", async () => {
    const { untilRetry } = retries();
    for (const error of [new ApiError({ request, status: 403, why: "status 403" }), new Error("a bug")]) {
      await assert.rejects(untilRetry(error), error);
    }
  });

  it("end after three lost answers, and after six rate limits, which are counted apart", async () => {
    const { untilRetry, pauses } = retries();
    for (const error of [lost, limited, lost, limited, limited, limited, limited]) await untilRetry(error);
    assert.deepEqual(pauses, [3000, 3000, 3000, 4000, 8000]);
    await assert.rejects(untilRetry(limited), limited);
    await assert.rejects(untilRetry(lost), lost);
  });
});
