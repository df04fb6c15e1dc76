import assert from "node:assert/strict";
import { knownResource, refuseUnknownInputs } from "./known-resources.ts";

describe("the mocks", () => {
  const client = "auth0:index/client:Client";

  it("refuse a type that they do not know", () => {
    assert.throws(
      () => knownResource("aws:s3/buket:Buket", "images"),
      /no resource type aws:s3\/buket:Buket/,
    );
  });

  it("refuse an input that they do not know, a nested one and one of a list's items too", () => {
    assert.throws(() => refuseUnknownInputs(client, "c", { naem: "x" }), /no input naem of auth0:/);
    assert.throws(
      () => refuseUnknownInputs(client, "c", { jwtConfiguration: { algorithm: "RS256" } }),
      /no input jwtConfiguration\.algorithm of/,
    );
    assert.throws(
      () =>
        refuseUnknownInputs("auth0:index/triggerActions:TriggerActions", "t", { actions: [{ name: "x" }] }),
      /no input actions\[\]\.name of/,
    );
  });

  it("take every input that they know", () => {
    refuseUnknownInputs(client, "c", {
      name: "x",
      grantTypes: ["a", "b"],
      jwtConfiguration: { alg: "RS256" },
    });
  });
});
