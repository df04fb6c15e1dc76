import assert from "node:assert/strict";
import { withoutWildcards } from "../../infra/management-client.ts";
import { refuseUnpublishedImages } from "../../stack/guard-bundles.ts";

describe("a client's scopes", () => {
  it("are refused where one of them means more than it names", () => {
    for (const scope of ["*", "read:*", "*:users", "read:users update:users", ""]) {
      assert.throws(() => withoutWildcards("user-pictures", ["read:users", scope]), {
        code: "wildcard-scope",
        message: /^Client user-pictures would get /,
      });
    }
  });

  it("are given back where each names one thing", () => {
    assert.deepEqual(withoutWildcards("c", ["read:users", "update:users_app_metadata"]), [
      "read:users",
      "update:users_app_metadata",
    ]);
  });
});

describe("a default image that an Action shows", () => {
  const baseUrl = "https://img.acme.com";
  const bundles = [
    { name: "user-picture", code: `"${baseUrl}/default-3f2a.png" "${baseUrl}/default-0b1c.gif"` },
  ];

  it("must be published or kept by the run", () => {
    assert.throws(() => refuseUnpublishedImages(bundles, { baseUrl, keys: ["default-3f2a.png"] }), {
      code: "default-image-unpublished",
      message: /^Action user-picture shows https:\/\/img\.acme\.com\/default-0b1c\.gif, which this run/,
    });
  });

  it("may be one of several that are kept", () => {
    refuseUnpublishedImages(bundles, { baseUrl, keys: ["default-0b1c.gif", "default-3f2a.png"] });
  });
});
