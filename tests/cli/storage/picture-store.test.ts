import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { UserImage } from "../../../cli/image/prepare-user-image.ts";
import { createPictureStore, type PictureStore } from "../../../cli/storage/picture-store.ts";
import { startS3, type S3Options, type S3Server } from "../../../local/s3/start-s3.ts";
import { s3Client } from "../../local/s3/s3-clients.ts";
import { s3Options } from "../../local/s3/s3-options.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const bucket = "pictures";

describe("the store of users' pictures", () => {
  const folder = temporaryFolder();
  let options: S3Options;
  let server: S3Server;
  let s3: S3Client;
  let store: PictureStore;
  let baseUrl: string;
  let invalidated: (readonly string[])[];

  beforeEach(async () => {
    options = await s3Options(folder());
    server = await startS3(options);
    s3 = s3Client(server, options);
    baseUrl = `${server.endpoint}/${bucket}`;
    invalidated = [];
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    store = createPictureStore(
      {
        bucket,
        baseUrl,
        region: server.region,
        invalidate: (paths) => Promise.resolve(void invalidated.push(paths)),
      },
      s3,
    );
  });
  afterEach(async () => {
    store.close();
    await server.stop();
  });

  async function switchVersionsOn(): Promise<void> {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  }

  async function versionsLeft(prefix: string): Promise<number> {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }));
    return (page.Versions ?? []).length + (page.DeleteMarkers ?? []).length;
  }

  it("says that the bucket is missing, and what to correct", async () => {
    const other = createPictureStore({ bucket: "no-such-bucket", baseUrl, region: server.region }, s3);
    for (const attempt of [other.put(picture("a")), other.deleteFolder("0".repeat(32))]) {
      await assert.rejects(attempt, {
        name: "ExpectedError",
        code: "picture-store-missing",
        message: /no bucket no-such-bucket.*imageBucket/s,
      });
    }
  });

  it("says that the credentials are not accepted", async () => {
    const wrong = createPictureStore(
      { bucket, baseUrl, region: server.region },
      s3Client(server, options, "wrong"),
    );
    await assert.rejects(wrong.put(picture("a")), {
      code: "picture-store-credentials-refused",
      message: /store the picture.*AWS_PROFILE/s,
    });
    wrong.close();
  });

  it("says that nobody answers", async () => {
    await server.stop();
    await assert.rejects(store.put(picture("a")), {
      code: "picture-store-unreachable",
      message: /bucket pictures \(ECONNREFUSED\)/,
    });
  });

  it("refuses a picture whose hash is not that of its bytes", async () => {
    await assert.rejects(store.put({ ...picture("a"), sha256: picture("b").sha256 }), {
      code: "picture-store-failed",
    });
    assert.equal(await versionsLeft("users/"), 0);
  });

  it("never deletes by a name that is no user's folder", async () => {
    const { key } = await store.put(picture("a"));
    for (const name of ["", "/", "..", "users", "0", "0".repeat(65), `${"0".repeat(32)}/..`]) {
      await assert.rejects(store.deleteFolder(name), TypeError, name);
      await assert.rejects(store.put(picture("a"), name), TypeError, name);
    }
    assert.equal(await versionsLeft(key), 1);
  });

  it("publishes a picture under a name that nobody can guess, for ever", async () => {
    const image = picture("a");
    const { url, key, folder: name } = await store.put(image);
    assert.match(key, /^users\/[0-9a-f]{32}\/[0-9a-f]{16}\.png$/);
    assert.equal(url, `${baseUrl}/${key}`);
    assert.equal(key, `users/${name}/${image.sha256.slice(0, 16)}.png`);
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    assert.equal(await found.Body?.transformToString(), "a");
    assert.equal(found.ContentType, "image/png");
    assert.equal(found.CacheControl, "public, max-age=31536000, immutable");
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }));
    assert.equal(head.ChecksumSHA256, Buffer.from(image.sha256, "hex").toString("base64"));

    assert.notEqual((await store.put(image)).folder, name);
    assert.match((await store.put({ ...image, contentType: "image/jpeg" })).key, /\.jpg$/);
  });

  it("keeps a user's pictures in one folder where it is given", async () => {
    const first = await store.put(picture("a"));
    const again = await store.put(picture("a"), first.folder);
    const second = await store.put(picture("b"), first.folder);
    assert.equal(again.url, first.url);
    assert.notEqual(second.url, first.url);
    assert.equal(store.folderOf(second.url), first.folder);
  });

  it("deletes every version of every picture in the folder, also those deleted before, and no other folder", async () => {
    await switchVersionsOn();
    const first = await store.put(picture("a"));
    await store.put(picture("a"), first.folder);
    const second = await store.put(picture("b"), first.folder);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: second.key }));
    const other = await store.put(picture("a"));
    // A name that begins like the folder.
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `users/${first.folder}0/x.png`, Body: "x" }));
    assert.equal(await versionsLeft(`users/${first.folder}/`), 4);

    assert.equal(await store.deleteAllVersions(first.url), 4);
    assert.equal(await versionsLeft(`users/${first.folder}/`), 0);
    assert.equal(await versionsLeft(`users/${first.folder}0/`), 1);
    assert.equal(await versionsLeft(other.key), 1);
    assert.deepEqual(invalidated, [[`/pictures/users/${first.folder}/*`]]);
  });

  it("deletes in a bucket without versions too", async () => {
    const { url, key } = await store.put(picture("a"));
    assert.equal(await store.deleteAllVersions(url), 1);
    assert.equal(await versionsLeft(key), 0);
  });

  it("finds nothing to delete the second time, and makes the delivery network forget again", async () => {
    const { url } = await store.put(picture("a"));
    await store.deleteAllVersions(url);
    assert.equal(await store.deleteAllVersions(url), 0);
    assert.equal(invalidated.length, 2);
  });

  it("deletes nothing for a URL of somebody else's", async () => {
    const { key } = await store.put(picture("a"));
    assert.equal(await store.deleteAllVersions(`https://example.com/${key}`), 0);
    assert.equal(await versionsLeft(key), 1);
    assert.deepEqual(invalidated, []);
  });
});

function picture(content: string): UserImage {
  const bytes = Buffer.from(content);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { bytes, contentType: "image/png", sha256, width: 512 };
}
