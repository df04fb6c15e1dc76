import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { changePicture } from "../../../cli/people/change-picture.ts";
import { forgetPlan } from "../../../cli/people/forget-plan.ts";
import { changeScopes, peopleOfTenant } from "./tenant-people.ts";

const folder = "0123456789abcdef0123456789abcdef";
const file = `https://img.acme.com/users/${folder}/own.png`;
const jane = {
  user_id: "auth0|jane",
  picture: file,
  user_metadata: { picture: file, theme: "dark" },
  app_metadata: { picture_folder: folder },
};

describe("forgetting a user whose root picture is a file of ours", () => {
  const setup = peopleOfTenant();
  emptyBucket();
  beforeEach(() => setup().tenant.users.create(jane));

  const forget = async (wanted = jane.user_id) => {
    const people = await setup().people(...changeScopes, "update:users_app_metadata");
    return changePicture(people, { command: "forget", wanted, yes: true, plan: forgetPlan });
  };
  const profile = async (id = jane.user_id) => {
    const { body } = await setup().api("GET", `/users/${encodeURIComponent(id)}`);
    return body as unknown as Record<string, unknown>;
  };

  it("says that it stays where Auth0 refuses to remove it, removes all else, and exits with 2", async () => {
    setup().tenant.faults.set([{ kind: "kept-root-picture" }]);
    const { exitCode, json, text } = await forget();
    assert.equal(exitCode, 2);
    assert.match(text, /Not removed: the root picture stays.*own\.png.*Auth0 refused/s);
    const { changed, rootPictureKept } = json as Record<string, unknown>;
    assert.deepEqual([changed, rootPictureKept], [true, file]);
    const { picture, user_metadata, app_metadata } = await profile();
    assert.deepEqual([picture, user_metadata], [file, { theme: "dark" }]);
    assert.deepEqual(app_metadata, jane.app_metadata);
  });

  it("removes it in a later run, once Auth0 allows that", async () => {
    setup().tenant.faults.set([{ kind: "kept-root-picture" }]);
    await forget();
    const again = await forget();
    assert.deepEqual([again.exitCode, (again.json as { changed: boolean }).changed], [2, false]);
    setup().tenant.faults.clear();
    assert.equal((await forget()).exitCode, undefined);
    const { app_metadata, picture } = await profile();
    assert.deepEqual([picture, app_metadata], [undefined, undefined]);
  });

  it("removes it where Auth0 allows that, and says nothing of it", async () => {
    const { exitCode, json, text } = await forget();
    assert.equal(exitCode, undefined);
    assert.doesNotMatch(text, /Not removed/);
    assert.equal("rootPictureKept" in (json as object), false);
    assert.deepEqual((await profile())["picture"], undefined);
  });

  it("removes what is noted of a copy, last of all, and says that the next mirror makes another one", async () => {
    const url = `https://img.acme.com/users/${"ab".repeat(16)}/copy-0123456789abcdef.jpg`;
    const picture_copy = { of: "0123456789abcdef", url, at: "2026-11-20T00:00:00Z" };
    const user = { user_id: "waad|1", picture: "/9j/4AAQ", app_metadata: { picture_copy, other: 1 } };
    setup().tenant.users.create(user);
    setup().tenant.faults.set([{ kind: "500", method: "PATCH" }]);
    await assert.rejects(forget(user.user_id), { name: "ExpectedError" });
    assert.deepEqual((await profile(user.user_id))["app_metadata"], user.app_metadata);
    setup().tenant.faults.clear();
    const { text } = await forget(user.user_id);
    assert.match(text, /The copy of the root picture is deleted too\. The next pictures mirror/);
    assert.deepEqual((await profile(user.user_id))["app_metadata"], { other: 1 });
  });

  it("stops where Auth0 fails otherwise, and nothing is changed", async () => {
    setup().tenant.faults.set([{ kind: "500", method: "PATCH" }]);
    await assert.rejects(forget(), { name: "ExpectedError" });
    assert.deepEqual((await profile())["user_metadata"], jane.user_metadata);
  });
});

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

/** An S3 server for each test that holds nothing, and the address and credentials for it in the environment. */
function emptyBucket(): void {
  const variables = ["AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  let server: Server;
  let before: (string | undefined)[];
  beforeEach(async () => {
    const nothing = "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>";
    server = createServer((_request, response) => response.end(nothing));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    before = variables.map((name) => process.env[name]);
    for (const name of variables) process.env[name] = "test";
    process.env["AWS_ENDPOINT_URL_S3"] = endpoint;
  });
  afterEach(async () => {
    for (const [index, name] of variables.entries()) {
      const value = before[index];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}
