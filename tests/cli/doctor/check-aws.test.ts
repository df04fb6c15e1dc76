import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkAwsIdentity, checkBucket } from "../../../cli/doctor/check-aws.ts";
import type { Check, Facts, Finding } from "../../../cli/doctor/check.ts";
import { factsOfDev, surroundings } from "./surroundings.ts";

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks a server that answers the same to every request, as AWS's would. */
describe("doctor's look at AWS", () => {
  let server: Server;
  let answer: Answer;
  const own = { ...process.env };

  before(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIAX", AWS_SECRET_ACCESS_KEY: "hush" });
  });
  after(() => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      if (own[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = own[name];
    }
    server.close();
  });

  async function found(check: Check, given: Answer, facts: Facts = {}): Promise<Finding> {
    answer = given;
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { AWS_ENDPOINT_URL_S3: endpoint, AWS_ENDPOINT_URL_STS: endpoint };
    return check.run(surroundings({ env }), await factsOfDev(facts));
  }

  /** Of a moderator. */
  const credentials = {
    domain: "acme-dev.eu.auth0.com",
    source: "PICTURES_*" as const,
    clientAuth: { clientId: "c", clientSecret: "s" },
  };

  it("does not mind that a moderator may not look at the bucket", async () => {
    assert.equal((await found(checkBucket, { status: 403 }, { credentials })).status, "skipped");
    assert.equal((await found(checkBucket, { status: 403 })).status, "problem");
    assert.equal((await found(checkBucket, { status: 404 }, { credentials })).status, "problem");
  });

  const identity = (account: string): Answer => ({
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
      <Arn>arn:aws:iam::${account}:user/jane</Arn><UserId>U</UserId><Account>${account}</Account>
      </GetCallerIdentityResult></GetCallerIdentityResponse>`,
  });

  it("names both accounts where the credentials are another account's", async () => {
    const { status, detail } = await found(checkAwsIdentity, identity("999999999999"));
    assert.equal(status, "problem");
    assert.match(detail, /account 999999999999, but the stack uses 111122223333/);
  });

  it("says what AWS said where it refuses them", async () => {
    const body =
      "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>m</Message></Error></ErrorResponse>";
    const { status, detail } = await found(checkAwsIdentity, {
      status: 403,
      headers: { "content-type": "text/xml" },
      body,
    });
    assert.equal(status, "problem");
    assert.match(detail, /ExpiredToken/);
    assert.doesNotMatch(detail, /hush/);
  });

  it("takes the stack's account", async () => {
    assert.equal((await found(checkAwsIdentity, identity("111122223333"))).status, "ok");
  });

  it("does not show AWS the keys of another S3 server", async () => {
    const local = surroundings({ env: { AWS_ENDPOINT_URL_S3: "https://localhost:1" } });
    assert.equal((await checkAwsIdentity.run(local, await factsOfDev())).status, "skipped");
  });

  for (const [what, given, expected] of [
    ["is not there", { status: 404 }, /There is no bucket acme-dev-user-pictures/],
    ["may not be looked at", { status: 403 }, /another account, or .*s3:ListBucket/],
    [
      "is in another region",
      { status: 301, headers: { "x-amz-bucket-region": "us-east-1" } },
      /is in us-east-1/,
    ],
    [
      "says another region",
      { status: 200, headers: { "x-amz-bucket-region": "us-east-1" } },
      /is in us-east-1/,
    ],
  ] as const) {
    it(`names the bucket that ${what}`, async () => {
      const { status, detail } = await found(checkBucket, given);
      assert.equal(status, "problem");
      assert.match(detail, expected);
    });
  }

  it("takes a bucket that answers", async () => {
    assert.equal((await found(checkBucket, { status: 200 })).status, "ok");
  });
});
