import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { newConnection } from "../../../tenant/state/connection.ts";
import { createTenantState, type ExportJobRecord } from "../../../tenant/state/tenant-state.ts";
import { packedExport } from "../../../tenant/state/user-files.ts";
import { seededUser } from "../../../tenant/state/user.ts";

const job = {
  id: "job_1",
  type: "users_export",
  status: "pending",
  created_at: "2026-01-01T00:00:00.000Z",
  dueAt: 0,
} as const;

describe("packedExport()", () => {
  const database = newConnection({ name: "db", strategy: "auth0" }, "localhost");
  const social = newConnection({ name: "google-oauth2", strategy: "google-oauth2" }, "localhost");
  const state = createTenantState();
  state.connections.set(database.id, database);
  const jane = { user_id: "auth0|1", name: 'Jane "J", X', user_metadata: { picture: "p" } };
  const identity = { user_id: "1", connection: database.name, provider: "auth0", isSocial: false };
  const linked = { user_id: "2", connection: social.name, provider: "google-oauth2", isSocial: true };
  state.users.set(jane.user_id, seededUser(jane, [identity]));
  state.users.set("google-oauth2|2", seededUser({ user_id: "google-oauth2|2" }, [linked]));
  const fields = [
    { name: "user_id" },
    { name: "name" },
    { name: "user_metadata.picture", export_as: "picture" },
    { name: "identities[0].provider", export_as: "from" },
  ];

  const unpacked = async (wanted: ExportJobRecord) =>
    gunzipSync(await packedExport(state, wanted)).toString();

  it("gives no user of a connection that is gone", async () => {
    assert.equal(await unpacked({ ...job, format: "json", connection_id: "con_none" }), "");
  });

  it("writes a line of JSON for each user, without what a user does not have", async () => {
    assert.equal(
      await unpacked({ ...job, format: "json", fields }),
      '{"user_id":"auth0|1","name":"Jane \\"J\\", X","picture":"p","from":"auth0"}\n' +
        '{"user_id":"google-oauth2|2","from":"google-oauth2"}\n',
    );
  });

  it("writes the users who have an identity of the connection, linked ones too, with all their identities", async () => {
    const withLinked = createTenantState();
    withLinked.connections = state.connections;
    const identities = [linked, identity];
    withLinked.users.set("google-oauth2|2", seededUser({ user_id: "google-oauth2|2" }, identities));
    const asked = { ...job, connection_id: database.id, fields: [{ name: "identities" }] };
    const file = gunzipSync(await packedExport(withLinked, { ...asked, format: "json" })).toString();
    assert.deepEqual(JSON.parse(file), { identities });
  });

  it("writes CSV with its head, quoted, no more users than the limit, of one connection only", async () => {
    assert.equal(
      await unpacked({ ...job, format: "csv", fields, limit: 1, connection_id: database.id }),
      '"user_id","name","picture","from"\n"auth0|1","Jane ""J"", X","p","auth0"\n',
    );
  });
});
