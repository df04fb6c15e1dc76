import assert from "node:assert/strict";
import { isUsableExternalId, parseExternalIdTemplate } from "../../../cli/discourse/external-id-template.ts";

describe("the mapping to external ids", () => {
  for (const [template, why] of [
    ["acme", /no placeholder/],
    ["{user_id", /no placeholder, or a brace/],
    ["{user_id}}", /brace that is not closed/],
    ["{user_metadata.forum}", /users can change/],
    ["{email}", /users can change/],
    ["{app_metadata}", /not known/],
    ["{identities.0.user_id}", /not known/],
  ] as const) {
    it(`refuses ${template}`, () => {
      assert.throws(() => parseExternalIdTemplate(template), {
        code: "discourse-settings-invalid",
        message: why,
      });
    });
  }

  it("gives none where the user lacks what it names", () => {
    const template = parseExternalIdTemplate("{app_metadata.forum.id}");
    for (const app_metadata of [
      undefined,
      null,
      {},
      { forum: null },
      { forum: { id: "" } },
      { forum: { id: {} } },
    ]) {
      assert.equal(template({ user_id: "auth0|1", app_metadata }), undefined);
    }
  });

  it("puts every value in its place", () => {
    const template = parseExternalIdTemplate("acme-{app_metadata.n}-{user_id}");
    assert.equal(template({ user_id: "auth0|$&", app_metadata: { n: 7 } }), "acme-7-auth0|$&");
  });

  it("knows the ids that Discourse cannot look up", () => {
    assert.deepEqual(
      ["auth0|1", "", " ", "nil", "None", "a/b", "a\nb", "a.json", "0"].filter((id) =>
        isUsableExternalId(id),
      ),
      ["auth0|1", "0"],
    );
  });
});
