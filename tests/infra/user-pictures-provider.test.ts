import assert from "node:assert/strict";
import { flowOwners } from "../../infra/user-pictures-provider.ts";

const prefix = "urn:pulumi:dev::auth0-user-pictures::auth0-user-pictures:index:LoginFlow";
const triggerActions = `${prefix}$auth0:index/triggerActions:TriggerActions::post-login`;
const sharedFlow = `${prefix}$userpictures:index:SharedFlow::post-login`;
const flow = (retiredFlowOwner?: string) =>
  [`${prefix}::login-flow`, retiredFlowOwner === undefined ? {} : { retiredFlowOwner }] as const;

describe("the owners of the Login flow", () => {
  it("are the wanted one alone where the state knows no other", () => {
    assert.deepEqual(flowOwners("shared", new Map()), { owner: "shared" });
    assert.deepEqual(flowOwners("shared", new Map([flow(""), [sharedFlow, {}]])), { owner: "shared" });
    assert.deepEqual(flowOwners("exclusive", new Map([flow(), [triggerActions, {}]])), {
      owner: "exclusive",
    });
  });

  it("are both in the run that changes them, and in the next one where that one failed", () => {
    const older = new Map([flow(), [triggerActions, {}]]);
    assert.deepEqual(flowOwners("shared", older), { owner: "shared", retiring: "exclusive" });
    const failed = new Map([flow(""), [triggerActions, {}], [sharedFlow, {}]]);
    assert.deepEqual(flowOwners("shared", failed), { owner: "shared", retiring: "exclusive" });
    const other = new Map([flow(""), [sharedFlow, {}]]);
    assert.deepEqual(flowOwners("exclusive", other), { owner: "exclusive", retiring: "shared" });
  });

  it("are the new one alone once the former one is marked, unless it is wanted back", () => {
    const marked = new Map([flow("exclusive"), [triggerActions, {}], [sharedFlow, {}]]);
    assert.deepEqual(flowOwners("shared", marked), { owner: "shared" });
    assert.deepEqual(flowOwners("exclusive", marked), { owner: "exclusive", retiring: "shared" });
  });
});
