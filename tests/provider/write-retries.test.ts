import assert from "node:assert/strict";
import { ApiError } from "../../provider/api-error.ts";
import { writeRetries } from "../../provider/write-retries.ts";

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
