import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { createPictureStore } from "../../../cli/storage/picture-store.ts";

/** What S3 answers, for what versitygw never says; status, error code, and what becomes of it. */
const refusals: [status: number, s3Code: string, code: string, message: RegExp][] = [
  [
    403,
    "AccessDenied",
    "picture-store-forbidden",
    /bucket acme\. Grant s3:ListBucketVersions and s3:DeleteObjectVersion/,
  ],
  [403, "SomethingNew", "picture-store-forbidden", /bucket acme/],
  [403, "InvalidAccessKeyId", "picture-store-credentials-refused", /AWS_PROFILE/],
  [400, "ExpiredToken", "picture-store-credentials-refused", /Log in to AWS again/],
  [404, "NoSuchBucket", "picture-store-missing", /no bucket acme.*imageBucket/],
  [
    301,
    "PermanentRedirect",
    "picture-store-wrong-region",
    /bucket acme is not in region eu-west-1.*awsRegion/,
  ],
  [501, "NotImplemented", "picture-store-failed", /NotImplemented \(501\) for bucket acme/],
];

describe("a refusal of S3", () => {
  let server: Server;
  let s3: S3Client;
  let answer: { status: number; body: string };

  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { "content-type": "application/xml" }).end(answer.body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    s3 = clientOf({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "no-secret" });
  });
  afterEach(async () => {
    s3.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  function clientOf(
    credentials: NonNullable<ConstructorParameters<typeof S3Client>[0]>["credentials"],
  ): S3Client {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = { endpoint, region: "eu-west-1", forcePathStyle: true, maxAttempts: 1 };
    return new S3Client({ ...config, ...(credentials === undefined ? {} : { credentials }) });
  }

  const deletion = (client = s3) =>
    createPictureStore(
      { bucket: "acme", region: "eu-west-1", baseUrl: "https://acme.com" },
      client,
    ).deleteFolder("0".repeat(32));

  for (const [status, s3Code, code, message] of refusals) {
    it(`by ${status} ${s3Code} is ${code}`, async () => {
      answer = { status, body: `<Error><Code>${s3Code}</Code><Message>no</Message></Error>` };
      await assert.rejects(deletion(), { name: "ExpectedError", code, message });
    });
  }

  it("is told where S3 says that it deleted what is still there", async () => {
    const version =
      "<Version><Key>users/00000000000000000000000000000000/a.png</Key><VersionId>1</VersionId></Version>";
    answer = { status: 200, body: `<ListVersionsResult>${version}</ListVersionsResult>` };
    await assert.rejects(deletion(), {
      code: "picture-store-not-emptied",
      message: /bucket acme.*still there/,
    });
  });

  it("is told where there are no credentials to ask it with", async () => {
    const nobody = clientOf(() => {
      const error = new Error("Could not load credentials from any providers");
      error.name = "CredentialsProviderError";
      return Promise.reject(error);
    });
    await assert.rejects(deletion(nobody), {
      code: "picture-store-no-credentials",
      message: /no AWS credentials/,
    });
    nobody.destroy();
  });
});
