import assert from "node:assert/strict";
import { CreateBucketCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { listBucketFiles } from "../../../cli/storage/bucket-files.ts";
import { startS3, type S3Server } from "../../../local/s3/start-s3.ts";
import { s3Client } from "../../local/s3/s3-clients.ts";
import { s3Options } from "../../local/s3/s3-options.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const location = { bucket: "pictures", region: "us-east-1", baseUrl: "https://img.acme.com/avatars" };

describe("the users' files of a bucket", () => {
  const folder = temporaryFolder();
  let server: S3Server;
  let s3: S3Client;

  beforeEach(async () => {
    const options = await s3Options(folder());
    server = await startS3(options);
    s3 = s3Client(server, options);
  });
  afterEach(async () => {
    s3.destroy();
    await server.stop();
  });

  it("cannot be listed where there is no bucket", async () => {
    await assert.rejects(
      listBucketFiles(s3, location, () => undefined),
      { code: "picture-store-missing", message: /list the users' files/ },
    );
  });

  it("are known by their addresses, those of others are not asked for", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: location.bucket }));
    for (const Key of ["users/ab/1.png", "users/ab/ü 2.png", "default-1.png"]) {
      await s3.send(new PutObjectCommand({ Bucket: location.bucket, Key, Body: "x" }));
    }
    let told = 0;
    const files = await listBucketFiles(s3, location, (count) => (told += count));
    assert.deepEqual([files.count, told], [2, 2]);
    for (const [url, isMissing] of [
      ["https://img.acme.com/avatars/users/ab/1.png?v=2", false],
      ["https://img.acme.com/avatars/users/ab/%C3%BC%202.png", false],
      ["https://pictures.s3.us-east-1.amazonaws.com/users/ab/1.png", false],
      ["https://img.acme.com/avatars/users/ab/3.png", true],
      ["https://elsewhere.com/avatars/users/ab/3.png", false],
      ["https://img.acme.com/avatars/default-2.png", false],
    ] as const) {
      assert.equal(files.isMissing(url), isMissing, url);
    }
  });
});
