import assert from "node:assert/strict";
import { forgetPlan } from "../../../cli/people/forget-plan.ts";
import { changeScopes, peopleOfTenant } from "./tenant-people.ts";

describe("what a deletion request takes away", () => {
  const setup = peopleOfTenant();
  const changed = async (profile: object) => {
    const people = await setup().people(...changeScopes);
    const { change } = await forgetPlan(people, { user_id: "auth0|jane", ...profile });
    return Object.keys(change);
  };
  const user_metadata = { picture: "https://img.acme.com/own.png", theme: "dark", gravatar_disabled: true };

  it("is not a block: a deletion request lifts none", async () => {
    const app_metadata = { picture_blocked: true, picture_block: { reason: "case 1" } };
    assert.deepEqual(await changed({ user_metadata, app_metadata }), ["user_metadata.picture"]);
  });

  it("is not what keeps a picture from being shown", async () => {
    assert.deepEqual(await changed({ user_metadata: { ...user_metadata, picture: "" } }), []);
  });
});
