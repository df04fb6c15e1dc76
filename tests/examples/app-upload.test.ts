import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { acceptUpload } from "../../examples/app-upload/accept-upload.ts";
import { deleteFormerPicture } from "../../examples/app-upload/delete-former-picture.ts";
import { maxBytes } from "../../examples/app-upload/picture-rules.ts";
import { presignUpload } from "../../examples/app-upload/presign-upload.ts";
import { sendFile } from "../../examples/app-upload/send-file.ts";
import { setUserPicture } from "../../examples/app-upload/set-user-picture.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { uploadFolders } from "../../stack/upload-folders.ts";
import { startUploadWorld, type UploadWorld } from "./upload-world.ts";

const root = join(__dirname, "../..");
const png = readFileSync(join(root, "assets/default-picture.png"));
const pngFile = { contentType: "image/png", contentLength: png.length };

describe("an application that lets its users upload a picture", () => {
  let folder: string;
  let world: UploadWorld;
  let userId: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-upload-"));
    world = await startUploadWorld(folder);
  });

  after(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    userId = `google-oauth2|${randomUUID()}`;
    world.tenant.users.create({ user_id: userId, name: "Uma", user_metadata: { theme: "dark" } });
  });

  async function upload(content: Buffer = png): Promise<string> {
    const permitted = await presignUpload(world.store, userId, {
      ...pngFile,
      contentLength: content.length,
    });
    await sendFile(permitted, new Blob([content]));
    return permitted.key;
  }

  async function pictureOfLogin(): Promise<unknown> {
    return (await world.app.login({ userId })).idTokenClaims["picture"];
  }

  async function statusOf(url: string): Promise<number> {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status;
  }

  for (const contentType of ["image/svg+xml", "text/html", "constructor", ""]) {
    it(`gets no permission for the type "${contentType}"`, async () => {
      const asking = presignUpload(world.store, userId, { ...pngFile, contentType });
      await assert.rejects(asking, { code: "type-refused" });
    });
  }

  for (const contentLength of [0, -1, 1.5, NaN, maxBytes + 1]) {
    it(`gets no permission for ${contentLength} bytes`, async () => {
      const asking = presignUpload(world.store, userId, { ...pngFile, contentLength });
      await assert.rejects(asking, { code: "size-refused" });
    });
  }

  it("cannot send another content type than the permitted one", async () => {
    const permitted = await presignUpload(world.store, userId, pngFile);
    const headers = { ...permitted.headers, "content-type": "text/html" };
    await assert.rejects(sendFile({ ...permitted, headers }, new Blob([png])), { code: "upload-refused" });
    await assert.rejects(acceptUpload(world.store, userId, permitted.key), { code: "upload-missing" });
  });

  it("cannot send a larger file than the permitted one", async () => {
    const permitted = await presignUpload(world.store, userId, pngFile);
    const larger = new Blob([png, Buffer.alloc(maxBytes)]);
    await assert.rejects(sendFile(permitted, larger), { code: "upload-refused" });
    await assert.rejects(acceptUpload(world.store, userId, permitted.key), { code: "upload-missing" });
  });

  it("cannot send the file to another key", async () => {
    const permitted = await presignUpload(world.store, userId, pngFile);
    const url = permitted.url.replace(permitted.key, "default-picture.png");
    await assert.rejects(sendFile({ ...permitted, url }, new Blob([png])), { code: "upload-refused" });
    assert.notEqual(await statusOf(`${world.store.baseUrl}/default-picture.png`), 200);
  });

  it("cannot replace a picture after it was accepted", async () => {
    const permitted = await presignUpload(world.store, userId, pngFile);
    await sendFile(permitted, new Blob([png]));
    const other = Buffer.from(png).fill(0, 8);
    await assert.rejects(sendFile(permitted, new Blob([other])), { code: "upload-refused" });
  });

  it("gets another key of 128 random bits each time", async () => {
    const keys = await Promise.all([1, 2].map(() => presignUpload(world.store, userId, pngFile)));
    const names = keys.map(({ key }) => key.split("/").at(-1));
    assert.equal(new Set(names).size, 2);
    for (const name of names) assert.match(name ?? "", /^[0-9a-f]{32}\.png$/);
  });

  it("refuses an upload whose bytes are of another type", async () => {
    const key = await upload(Buffer.from("<script>alert(1)</script>"));
    await assert.rejects(acceptUpload(world.store, userId, key), { code: "not-a-picture" });
  });

  it("refuses a key that belongs to another user", async () => {
    const key = await upload();
    const accepting = acceptUpload(world.store, "google-oauth2|mallory", key);
    await assert.rejects(accepting, { code: "key-refused" });
    const around = key.replace("users/", "users/x/../");
    await assert.rejects(acceptUpload(world.store, userId, around), { code: "key-refused" });
  });

  it("says that Auth0 knows no such user, without naming the user", async () => {
    await assert.rejects(setUserPicture(world.tenant, "auth0|nobody", ""), (error: Error) => {
      assert.match(error.message, /Auth0 answered 404/);
      assert.doesNotMatch(error.message, /nobody/);
      return true;
    });
  });

  it("shows the uploaded picture at the next login and keeps the user's other metadata", async () => {
    const picture = await acceptUpload(world.store, userId, await upload());
    assert.equal(await statusOf(picture), 200);
    assert.equal(await setUserPicture(world.tenant, userId, picture), undefined);
    assert.equal(await pictureOfLogin(), picture);
    const user = world.tenant.users.get(userId);
    assert.deepEqual(user?.user_metadata, { theme: "dark", picture });
  });

  it("deletes the picture before, and never another user's", async () => {
    const first = await acceptUpload(world.store, userId, await upload());
    assert.equal(await deleteFormerPicture(world.store, "google-oauth2|mallory", first), false);
    assert.equal(await deleteFormerPicture(world.store, userId, undefined), false);
    assert.equal(await statusOf(first), 200);
    assert.equal(await deleteFormerPicture(world.store, userId, first), true);
    assert.notEqual(await statusOf(first), 200);
  });

  it("is in a folder that cannot be found from the user's id, and that pictures forget finds", async () => {
    const folder = (await upload()).split("/")[1] ?? "";
    const [own, former, unkeyed, ...others] = uploadFolders(userId, world.store.uploadKeys);
    assert.equal(folder, own);
    assert.equal(new Set([own, former, unkeyed]).size, 3);
    assert.deepEqual(others, []);
    assert.notEqual(uploadFolders(userId, [randomBytes(32).toString("base64")])[0], own);
  });

  it("is deleted where it was uploaded before there was a key, or with a former one, but can no longer be uploaded there", async () => {
    const { s3, bucket: Bucket, baseUrl } = world.store;
    for (const former of uploadFolders(userId, world.store.uploadKeys).slice(1)) {
      const Key = `users/${former}/${"0".repeat(32)}.png`;
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: png, ContentType: "image/png" }));
      await assert.rejects(acceptUpload(world.store, userId, Key), { code: "key-refused" });
      assert.equal(await deleteFormerPicture(world.store, userId, `${baseUrl}/${Key}`), true);
      assert.notEqual(await statusOf(`${baseUrl}/${Key}`), 200);
    }
  });

  it("shows the default after the user removed the picture", async () => {
    await setUserPicture(world.tenant, userId, await acceptUpload(world.store, userId, await upload()));
    await setUserPicture(world.tenant, userId, "");
    assert.match(String(await pictureOfLogin()), /\/default-/);
  });

  it("works from one end to the other as a command", async () => {
    const file = join(folder, "uma.png");
    writeFileSync(file, png);
    const { stdout } = await runExample(userId, file);
    assert.equal(await pictureOfLogin(), stdout.trim());
    const { stdout: second } = await runExample(userId, file);
    assert.equal(await pictureOfLogin(), second.trim());
    assert.notEqual(await statusOf(stdout.trim()), 200, "the former picture is gone");
  });

  function runExample(...args: readonly string[]): Promise<{ stdout: string }> {
    const { tenant, s3, store, caFile } = world;
    const env = {
      NODE_EXTRA_CA_CERTS: caFile,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.clientId,
      AUTH0_CLIENT_SECRET: tenant.clientSecret,
      AWS_REGION: s3.region,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
      IMAGE_BUCKET: store.bucket,
      IMAGE_BASE_URL: store.baseUrl,
      UPLOAD_KEY: `${store.uploadKeys.join(" ")}\n`,
    };
    const command = ["--require", typescriptLoader, join(root, "examples/app-upload/main.ts"), ...args];
    return promisify(execFile)(process.execPath, command, { cwd: root, env });
  }
});
