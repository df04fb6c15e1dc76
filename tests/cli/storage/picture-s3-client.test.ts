import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { pictureS3Client } from "../../../cli/storage/picture-s3-client.ts";

describe("the S3 client of users' pictures", () => {
  const names = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const former = new Map(names.map((name) => [name, process.env[name]]));
  beforeEach(() => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
  });
  afterEach(() => {
    for (const [name, value] of former) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it("addresses AWS by the bucket's own name", () => {
    assert.equal(pictureS3Client("eu-central-1").config.forcePathStyle, false);
  });

  for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]) {
    it(`asks the server of ${name}, with the environment's credentials and the bucket in the path`, async () => {
      const requests: string[] = [];
      const server = createServer((request, response) => {
        requests.push(`${request.headers.authorization?.split("/")[0] ?? "nobody"} ${request.url ?? ""}`);
        response.end("<ListVersionsResult/>");
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      process.env[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      process.env["AWS_ACCESS_KEY_ID"] = "AKIAEXAMPLE";
      process.env["AWS_SECRET_ACCESS_KEY"] = "no-secret";
      const client = pictureS3Client("eu-central-1");
      await client.send(new ListObjectVersionsCommand({ Bucket: "acme" }));
      client.destroy();
      server.close();
      assert.deepEqual(requests, ["AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE /acme/?versions="]);
    });
  }
});
