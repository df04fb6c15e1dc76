import assert from "node:assert/strict";
import { rateLimitMs, retryAfterMs, withRetry } from "../../lib/retry.ts";

const now = Date.UTC(2026, 10, 21, 12, 0, 0);
const inSeconds = (seconds: number) => String(now / 1000 + seconds);

describe("the wait that a rate limit's headers ask for", () => {
  const asked = (headers: Record<string, string>) => rateLimitMs(new Headers(headers), now);

  it("is none where they say nothing, or what cannot be read", () => {
    assert.equal(asked({}), 0);
    for (const text of ["", " ", "soon", "-5", "Infinity", "NaN", "0x10", "1 2", "2026-11-21"]) {
      assert.equal(asked({ "retry-after": text, "x-ratelimit-reset": text }), 0, text);
    }
  });

  it("is none where the time has come", () => {
    assert.equal(asked({ "retry-after": "0" }), 0);
    assert.equal(asked({ "x-ratelimit-reset": "1" }), 0);
    assert.equal(asked({ "retry-after": new Date(now - 5000).toUTCString() }), 0);
  });

  it("is a minute at most, however long they ask", () => {
    const long = ["3600", "9".repeat(400), String(Number.MAX_SAFE_INTEGER), "Fri, 31 Dec 9999 23:59:59 GMT"];
    for (const text of long) assert.equal(asked({ "retry-after": text }), 60_000, text);
    assert.equal(asked({ "x-ratelimit-reset": "9".repeat(400) }), 60_000);
    assert.equal(asked({ "x-ratelimit-reset": inSeconds(3600) }), 60_000);
  });

  it("is what each of them says: seconds, a date, or Auth0's time of the reset", () => {
    assert.equal(asked({ "retry-after": "7" }), 7000);
    assert.equal(asked({ "retry-after": "1.5" }), 1500);
    assert.equal(asked({ "retry-after": new Date(now + 9000).toUTCString() }), 9000);
    assert.equal(asked({ "x-ratelimit-reset": inSeconds(11) }), 11_000);
  });

  it("is that of retry-after where both say one, and of the reset where retry-after says 0 or nothing", () => {
    const reset = { "x-ratelimit-reset": inSeconds(11) };
    assert.equal(asked({ ...reset, "retry-after": "7" }), 7000);
    assert.equal(asked({ ...reset, "retry-after": "0" }), 11_000);
    assert.equal(asked({ ...reset, "retry-after": "soon" }), 11_000);
  });

  it("is not limited where the caller has a limit of its own", () => {
    assert.equal(retryAfterMs(new Headers({ "retry-after": "86400" }), now), 86_400_000);
    assert.equal(retryAfterMs(new Headers({ "x-ratelimit-reset": inSeconds(11) }), now), undefined);
  });
});

describe("a retry", () => {
  /** Fails `failures` times; the pauses are kept and take no time. */
  function failing(failures: number) {
    const pauses: number[] = [];
    let attempts = 0;
    return {
      pauses,
      attempt: () => {
        attempts += 1;
        return attempts > failures ? Promise.resolve(attempts) : Promise.reject(new Error(`no ${attempts}`));
      },
      pause: (ms: number) => Promise.resolve(pauses.push(ms)),
    };
  }

  it("ends with the last failure, unchanged, where there is no pause for it", async () => {
    const { attempt, pause, pauses } = failing(9);
    await assert.rejects(
      withRetry(attempt, (_error, failures) => [10, 20][failures - 1], pause),
      new Error("no 3"),
    );
    assert.deepEqual(pauses, [10, 20]);
  });

  it("ends with an error of the rule for pauses", async () => {
    const { attempt, pause } = failing(9);
    const bug = () => assert.fail("a bug");
    await assert.rejects(withRetry(attempt, bug, pause), { message: "a bug" });
  });

  it("gives what an attempt gives at last, and asks for a pause of 0 too", async () => {
    const { attempt, pause, pauses } = failing(2);
    assert.equal(await withRetry(attempt, () => 0, pause), 3);
    assert.deepEqual(pauses, [0, 0]);
  });
});
