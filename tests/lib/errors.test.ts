import assert from "node:assert/strict";
import { describeFailure, ExpectedError, UsageError, withCode } from "../../lib/errors.ts";
import { LoginError } from "../../local/login/walk-login.ts";
import { PageError } from "../../local/page/management-client.ts";
import { ToolchainError } from "../../local/toolchain/artifact.ts";
import { ApiError } from "../../plugins/userpictures/errors.ts";
import { ConfigError } from "../../stack/config-error.ts";

describe("an expected failure", () => {
  const cause = new Error("cause");
  const failure = { request: "GET /", status: 500, why: "why" };
  const errors: Record<string, ExpectedError> = {
    UsageError: new UsageError("bad-usage", "message", { cause }),
    ToolchainError: new ToolchainError("GO_MISSING", "message", { cause }),
    PageError: new PageError("unknown-change", "message", { cause }),
    LoginError: new LoginError("refused", "message", "access_denied", "blocked"),
    ApiError: new ApiError(failure, { cause }),
  };
  for (const [name, error] of Object.entries(errors)) {
    it(`of ${name} has its name, its code and its cause`, () => {
      assert.ok(error instanceof ExpectedError && error instanceof Error);
      assert.equal(error.name, name);
      assert.match(error.code, /^([a-z0-9-]+|[A-Z_]+)$/);
      if (name !== "LoginError") assert.equal(error.cause, cause);
    });
  }

  it("is of one class wherever the configuration is wrong", () => {
    assert.ok(ConfigError.prototype instanceof ExpectedError);
  });

  it("is shown in its words with its code, and never with its stack", () => {
    const error = new ExpectedError("no-chromium", "There is no Chromium: install it.", { cause });
    assert.equal(withCode(error), "There is no Chromium: install it. [no-chromium]");
    assert.equal(describeFailure(error), withCode(error));
  });

  it("is told from a bug, which is shown with its stack", () => {
    assert.equal(describeFailure(cause), cause.stack);
    assert.equal(describeFailure("thrown"), "thrown");
  });
});
