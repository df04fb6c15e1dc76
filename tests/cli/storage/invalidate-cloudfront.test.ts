import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { invalidateCloudFront } from "../../../cli/storage/invalidate-cloudfront.ts";

const variables = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "hush" };

describe("invalidating a distribution", () => {
  let server: Server;
  let answer: { status: number; body: string };
  let asked: { line: string; authorization: string | undefined; body: string }[];
  let former: NodeJS.ProcessEnv;

  beforeEach(async () => {
    former = { ...process.env };
    Object.assign(process.env, variables);
    asked = [];
    answer = { status: 201, body: "<Invalidation/>" };
    server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        asked.push({ line: `${method} ${url}`, authorization: headers.authorization, body });
        response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    for (const name of Object.keys(variables)) {
      if (former[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = former[name];
    }
    await new Promise((resolve) => server.close(resolve));
  });

  const invalidate = () => {
    const { port } = server.address() as AddressInfo;
    const env = { AWS_ENDPOINT_URL_CLOUDFRONT: `http://127.0.0.1:${port}` };
    return invalidateCloudFront("E1ABC", ["/users/4f/*"], env);
  };

  it("says what is left to do where AWS refuses", async () => {
    answer = { status: 403, body: "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>" };
    await assert.rejects(invalidate(), (error: { code?: string; message: string }) => {
      assert.equal(error.code, "delivery-not-invalidated");
      assert.match(
        error.message,
        /E1ABC still has copies: CloudFront answered 403 AccessDenied.*same command again/,
      );
      assert.doesNotMatch(error.message, /hush|Signature/);
      return true;
    });
  });

  it("asks for the paths, signed", async () => {
    await invalidate();
    const [request] = asked;
    assert.equal(request?.line, "POST /2020-05-31/distribution/E1ABC/invalidation");
    assert.match(request.body, /<Quantity>1<\/Quantity><Items><Path>\/users\/4f\/\*<\/Path><\/Items>/);
    assert.match(
      request.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/cloudfront\/aws4_request, SignedHeaders=content-type;host;/,
    );
  });
});
