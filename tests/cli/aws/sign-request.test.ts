import assert from "node:assert/strict";
import { signRequest } from "../../../cli/aws/sign-request.ts";

/** Of AWS's own test suite for Signature Version 4. */
const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const at = new Date("2015-08-30T12:36:00Z");
const request = {
  url: new URL("https://example.amazonaws.com/"),
  body: "",
  region: "us-east-1",
  service: "service",
};

describe("a signed request to AWS", () => {
  for (const [method, signature] of [
    ["GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  ] as const) {
    it(`is what AWS's test suite expects of a ${method}`, () => {
      assert.deepEqual(signRequest({ ...request, method }, credentials, at), {
        "x-amz-date": "20150830T123600Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
          `SignedHeaders=host;x-amz-date, Signature=${signature}`,
      });
    });
  }

  it("signs the token of a role with it, and depends on the body", () => {
    const temporary = { ...credentials, sessionToken: "role" };
    const signed = signRequest({ ...request, method: "POST" }, temporary, at);
    assert.equal(signed["x-amz-security-token"], "role");
    assert.match(signed["authorization"] ?? "", /SignedHeaders=host;x-amz-date;x-amz-security-token/);
    const other = signRequest({ ...request, method: "POST", body: "x" }, temporary, at);
    assert.notEqual(other["authorization"], signed["authorization"]);
  });
});
