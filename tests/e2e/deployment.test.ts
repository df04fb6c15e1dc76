import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetBucketCorsCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createLoginClient } from "../../local/login/login.ts";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import { deleteVersions } from "../../plugins/aws/bucket.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { s3Client } from "../local/s3/s3-clients.ts";
import { getFromS3 } from "./get-from-s3.ts";
import { seededApp } from "./seeded-app.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

const social = {
  user_id: "google-oauth2|sofia",
  name: "Sofia",
  picture: "https://lh3.googleusercontent.com/a/s=s96-c",
};
const placeholder = { user_id: "auth0|paul", name: "Paul", picture: "https://cdn.auth0.com/avatars/pa.png" };

interface Bindings {
  readonly bindings: readonly { readonly display_name: string }[];
}

/** One life of a stack, in the order in which the tests stand. */
describe("a deployment with the real engine and the real Auth0 provider", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let app: { readonly clientId: string; readonly redirectUri: string };

  before(() => {
    const { tenant } = world();
    app = seededApp(tenant);
    for (const user of [social, placeholder]) tenant.users.create(user);
  });

  async function pictureAfterLogin(userId: string): Promise<unknown> {
    const { tenant, caFile } = world();
    const client = await createLoginClient({ domain: tenant.domain, caFile, ...app });
    try {
      return (await client.login({ userId })).idTokenClaims["picture"];
    } finally {
      await client.close();
    }
  }

  const defaultUrl = async () => (await requirePulumi(world(), ["stack", "output", "defaultUrl"])).trim();
  const readState = () => {
    const folder = join(world().folder.pulumiState, `.pulumi/stacks/${configNamespace}`);
    return readFileSync(join(folder, "local.json"), "utf8");
  };

  it("previews an empty stack with the Actions' whole code and without unknowns in it", async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
    const preview = await requirePulumi(world(), ["preview", "--json"]);
    const { steps } = JSON.parse(preview) as {
      steps: { newState: { type: string; inputs: { code?: string } } }[];
    };
    const codes = steps
      .filter(({ newState }) => newState.type === "auth0:index/action:Action")
      .map(({ newState }) => newState.inputs.code);
    assert.equal(codes.length, 2);
    for (const code of codes) {
      assert.match(code ?? "", /exports\.onExecutePostLogin/);
      assert.ok(code?.includes(`${world().s3.endpoint}/pictures/default-`));
    }
    assert.deepEqual(((await api.call("GET", "/actions/actions")) as { actions: unknown[] }).actions, []);
  });

  it("creates everything; a login then shows the default image, which anybody can get", async () => {
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    const url = await defaultUrl();
    assert.equal(await pictureAfterLogin(placeholder.user_id), url);
    const image = await getFromS3(url, world().caFile);
    assert.equal(image.status, 200);
    assert.equal(image.contentType, "image/png");
    assert.equal(image.cacheControl, "public, max-age=31536000, immutable");
  });

  it("lets nobody list the bucket, read what is no picture, or write", async () => {
    const { s3: server, caFile } = world();
    const { endpoint, bucket } = server;
    const s3 = s3Client(server, { certificates: { caFile } });
    const keys = ["notes.txt", "uploads/raw.png", "users/7d1c9a50.png"];
    try {
      for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x" }));
      const status = async (path: string, method?: "PUT") =>
        (await getFromS3(`${endpoint}/${bucket}/${path}`, caFile, method)).status;
      assert.equal(await status(""), 403);
      assert.equal(await status("notes.txt"), 403);
      assert.equal(await status("uploads/raw.png"), 403);
      assert.equal(await status("users/7d1c9a50.png"), 200);
      assert.equal(await status("users/mine.png", "PUT"), 403);
    } finally {
      for (const key of keys) await deleteVersions(s3, bucket, key);
      s3.destroy();
    }
  });

  it("has no secret in plain text in its state", async () => {
    const secret = (
      await requirePulumi(world(), ["stack", "output", "managementClientSecret", "--show-secrets"])
    ).trim();
    assert.ok(secret.length > 20);
    const { tenant, s3 } = world();
    for (const plain of [secret, tenant.clientSecret, s3.secretAccessKey])
      assert.equal(readState().includes(plain), false);
  });

  it("sees no drift right after, and changes nothing when it is run again", async () => {
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
    await requirePulumi(world(), ["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  it("sees that somebody unbound the Actions, and binds them again", async () => {
    await api.call("PATCH", "/actions/triggers/post-login/bindings", { bindings: [] });
    assert.notEqual((await runPulumi(world(), ["preview", "--refresh", "--expect-no-changes"])).code, 0);
    await requirePulumi(world(), ["up", "--yes", "--skip-preview", "--refresh"]);
    const { bindings } = (await api.call("GET", "/actions/triggers/post-login/bindings")) as Bindings;
    assert.deepEqual(
      bindings.map(({ display_name }) => display_name),
      ["default-picture", "user-picture"],
    );
  });

  it("brings a changed setting into the next login", async () => {
    assert.equal(await pictureAfterLogin(social.user_id), social.picture);
    await world().configure({ social: "replace" });
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    assert.equal(await pictureAfterLogin(social.user_id), await defaultUrl());
  });

  it("publishes a changed default image under a new address, and the former one stays as it was", async () => {
    const former = await defaultUrl();
    const before = await getFromS3(former, world().caFile);
    // As a lost state leaves it behind: in the bucket, and in nobody's state.
    const { s3: server, caFile } = world();
    const s3 = s3Client(server, { certificates: { caFile } });
    const stray = { Bucket: server.bucket, Key: "default-0123456789abcdef.png" };
    await s3.send(new PutObjectCommand({ ...stray, Body: "stray", ContentType: "image/png" }));
    s3.destroy();
    await world().configure({ defaultImage: "tests/e2e/other-default.png" });
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    const url = await defaultUrl();
    assert.notEqual(url, former);
    assert.equal((await getFromS3(url, world().caFile)).status, 200);
    assert.equal(await pictureAfterLogin(placeholder.user_id), url);
    await requirePulumi(world(), ["up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes"]);
    assert.deepEqual(await getFromS3(former, caFile), before);
    const { sha256 } = await getFromS3(`${server.endpoint}/${server.bucket}/${stray.Key}`, caFile);
    assert.equal(sha256, createHash("sha256").update("stray").digest("hex"));
  });

  it("does not delete a user's picture, nor what its bucket is like, and names the key that would", async () => {
    const { s3: server, caFile } = world();
    const { endpoint, bucket: Bucket } = server;
    const s3 = s3Client(server, { certificates: { caFile } });
    const settings = async () => [
      (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy,
      (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status,
      (await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules,
      (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls,
    ];
    try {
      await s3.send(new PutObjectCommand({ Bucket, Key: "users/kept.png", Body: "x" }));
      const before = await settings();
      const { code, output } = await runPulumi(world(), ["destroy", "--yes", "--skip-preview"]);
      assert.notEqual(code, 0);
      assert.match(output, /is not empty.*config key deleteBucketContents/);
      assert.deepEqual(await settings(), before);
      assert.equal((await getFromS3(`${endpoint}/${Bucket}/users/kept.png`, caFile)).status, 200);
    } finally {
      s3.destroy();
    }
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
  });

  it("takes everything away again in one run, users' pictures where a key says so, and logins go on", async () => {
    await world().configure({ deleteBucketContents: "true" });
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    await requirePulumi(world(), ["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(((await api.call("GET", "/actions/actions")) as { actions: unknown[] }).actions, []);
    const clients = (await api.call("GET", "/clients")) as { name: string }[];
    assert.equal(
      clients.some(({ name }) => name === "User pictures"),
      false,
    );
    assert.deepEqual(
      readdirSync(join(world().folder.s3, "buckets")).filter((name) => !name.startsWith(".")),
      [],
    );
    assert.equal(await pictureAfterLogin(social.user_id), social.picture);
  });
});
