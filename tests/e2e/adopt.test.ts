import assert from "node:assert/strict";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { s3Client } from "../local/s3/s3-clients.ts";
import type { ManagementApi } from "../management-api.ts";
import { runPictures } from "./run-pictures.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** What a person made by hand, before there was this project; ids. */
interface Former {
  readonly action: string;
  readonly client: string;
  readonly namesake: string;
  readonly grant: string;
}

const adopted = /:(?:Action::default-picture|SharedFlow|Client|ClientGrant|ClientCredentials|Bucket)(?:::|$)/;

/** One story, in the order in which the tests stand. */
describe("adopt", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let former: Former;

  before(async () => {
    const { tenant, s3, caFile } = world();
    const bucket = s3Client(s3, { certificates: { caFile } });
    await bucket.send(new CreateBucketCommand({ Bucket: s3.bucket }));
    await bucket.send(new PutObjectCommand({ Bucket: s3.bucket, Key: "theirs.txt", Body: "kept" }));
    bucket.destroy();
    former = await makeByHand(api, tenant.domain);
    await requirePulumi(world(), ["stack", "init", "local"]);
  });

  it("guesses among several clients of the name as little as recover takes what has no mark", async () => {
    const ambiguous = await runPictures(world(), "adopt", "--yes");
    assert.equal(ambiguous.code, 1, ambiguous.output);
    assert.match(ambiguous.output, new RegExp(`${former.client}.*--client ID.*\\[adopt-ambiguous\\]`, "s"));

    const { code, output } = await runPictures(world(), "recover");
    assert.equal(code, 0, output);
    assert.match(output, /nothing to recover.*left alone/s);
    for (const what of ["bucket pictures: ", `client ${former.client} `, `Action ${former.action} `]) {
      assert.ok(output.includes(what), what);
    }
  });

  it("takes over what is there; the preview then makes none of it anew", async () => {
    const { code, output } = await runPictures(world(), "adopt", "--client", former.client, "--yes");
    assert.equal(code, 0, output);
    const preview = await requirePulumi(world(), ["preview", "--json", "--show-sames"]);
    const { steps } = JSON.parse(preview) as { steps: Step[] };
    const theirs = steps.filter(({ urn }) => adopted.test(urn));
    assert.equal(theirs.length, 6);
    for (const { op, urn } of theirs) assert.ok(op === "same" || op === "update", `${op} ${urn}`);
  });

  it("leaves every id as it was after the next up, the other client alone, and the state in step", async () => {
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
    const action = (await api.call("GET", `/actions/actions/${former.action}`)) as { code: string };
    assert.match(action.code, /^\/\/ default-picture: made by auth0-user-pictures/);
    const client = (await api.call("GET", `/clients/${former.client}`)) as { client_metadata: object };
    assert.deepEqual(client.client_metadata, { managed_by: "auth0-user-pictures", stack: "local" });
    const grants = (await api.call("GET", `/client-grants?client_id=${former.client}`)) as { id: string }[];
    assert.deepEqual(
      grants.map(({ id }) => id),
      [former.grant],
    );
    const namesake = (await api.call("GET", `/clients/${former.namesake}`)) as {
      client_metadata?: object;
    };
    // Auth0 shows none until some is set.
    assert.equal(namesake.client_metadata, undefined);
  });
});

async function makeByHand(api: ManagementApi, domain: string): Promise<Former> {
  const created = async (path: string, body: object) =>
    (await api.call("POST", path, body)) as { id: string; client_id: string };
  const { id: action } = await created("/actions/actions", {
    name: "default-picture",
    code: "exports.onExecutePostLogin = async () => {};",
    supported_triggers: [{ id: "post-login", version: "v3" }],
  });
  // A draft is built by the time that it is read.
  await api.call("GET", `/actions/actions/${action}`);
  await api.call("POST", `/actions/actions/${action}/deploy`);
  await api.call("PATCH", "/actions/triggers/post-login/bindings", {
    bindings: [{ display_name: "Picture", ref: { type: "action_id", value: action } }],
  });
  const fields = { name: "User pictures", app_type: "non_interactive" };
  const { client_id: namesake } = await created("/clients", fields);
  const { client_id: client } = await created("/clients", fields);
  const { id: grant } = await created("/client-grants", {
    client_id: client,
    audience: `https://${domain}/api/v2/`,
    scope: ["read:users"],
  });
  return { action, client, namesake, grant };
}
