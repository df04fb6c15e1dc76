import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { s3Client } from "../../../cli/storage/aws-clients.ts";

describe("the S3 client", () => {
  const credentials = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "no-secret" };
  const former = new Map(Object.keys(credentials).map((name) => [name, process.env[name]]));
  beforeEach(() => {
    Object.assign(process.env, credentials);
  });
  afterEach(() => {
    for (const [name, value] of former) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it("addresses AWS by the bucket's own name", () => {
    assert.equal(s3Client("eu-central-1", {}).config.forcePathStyle, false);
  });

  for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]) {
    it(`asks the server of ${name}, with the environment's credentials and the bucket in the path`, async () => {
      const requests: string[] = [];
      const server = createServer((request, response) => {
        requests.push(`${request.headers.authorization?.split("/")[0] ?? "nobody"} ${request.url ?? ""}`);
        response.end("<ListVersionsResult/>");
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const client = s3Client("eu-central-1", { [name]: `http://127.0.0.1:${port}` });
      await client.send(new ListObjectVersionsCommand({ Bucket: "acme" }));
      client.destroy();
      server.close();
      assert.deepEqual(requests, ["AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE /acme/?versions="]);
    });
  }
});
