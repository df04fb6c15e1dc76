import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { startS3, type S3Options, type S3Server } from "../../local/s3/start-s3.ts";
import { anonymousStatus, s3Client } from "../local/s3/s3-clients.ts";
import { s3Options } from "../local/s3/s3-options.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { pulumiProject, type PulumiProject, type PulumiResult } from "./pulumi-project.ts";

const account = "000000000000";

/** As infra/image-bucket.ts has it, and the other resource types beside it. */
const program = `
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Provider } from "@pulumi/aws/provider";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
const provider = new Provider("aws", { region: "eu-central-1", allowedAccountIds: ["${account}"] });
const options = { provider };
const bucket = new s3.Bucket("pictures", { bucket: "pictures", tags: { purpose: "test" }, forceDestroy: true }, options);
const name = { bucket: bucket.bucket };
new s3.BucketVersioning("pictures", { ...name, versioningConfiguration: { status: "Enabled" } }, options);
new s3.BucketOwnershipControls("pictures", { ...name, rule: { objectOwnership: "BucketOwnerEnforced" } }, options);
const access = new s3.BucketPublicAccessBlock("pictures", { ...name, blockPublicAcls: true, blockPublicPolicy: false }, options);
new s3.BucketServerSideEncryptionConfiguration("pictures", { ...name, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }, options);
new s3.BucketCorsConfiguration("pictures", { ...name, corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["*"], maxAgeSeconds: 60 }] }, options);
new s3.BucketLifecycleConfiguration("pictures", { ...name, rules: [{ id: "old", status: "Enabled", expiration: { days: 1 } }] }, options);
new s3.BucketPolicy("pictures", { ...name, policy: bucket.arn.apply((arn) => JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject"], Resource: arn + "/*" }],
}, null, 2)) }, { ...options, dependsOn: access });
const file = new s3.BucketObjectv2("picture", {
  ...name, key: "a/picture.svg", source: new pulumi.asset.FileAsset("picture.svg"), contentType: "image/svg+xml",
  cacheControl: "public", metadata: { owner: "me" }, tags: { kind: "picture" },
}, options);
new s3.BucketObjectv2("text", { ...name, key: "text.txt", content: "text" }, options);
export const etag = file.etag;
export const accountId = getCallerIdentityOutput({}, options).accountId;
`;

describe("the stand-in of the AWS provider, with the real engine", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  let options: S3Options;
  let server: S3Server;
  let s3: S3Client;
  let project: PulumiProject;

  beforeEach(async () => {
    options = await s3Options(folder());
    server = await startS3(options);
    s3 = s3Client(server, options);
    const awsPlugin = join(__dirname, "../../plugins/aws");
    const env = {
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_REGION: server.region,
      AWS_CA_BUNDLE: options.certificates.caFile,
    };
    project = await pulumiProject({ folder: join(folder(), "project"), awsPlugin, env });
  });
  afterEach(async () => {
    await project.stop();
    s3.destroy();
    await server.stop();
  });

  const picture = (content: string) => writeFileSync(join(folder(), "project/picture.svg"), content);
  const up = (...args: string[]) => project.run("up", "--yes", "--skip-preview", ...args);
  const target = { Bucket: "pictures", Key: "a/picture.svg" };
  const content = async () => (await s3.send(new GetObjectCommand(target))).Body?.transformToString();

  it("makes nothing in an account that the provider is not for", async () => {
    project.write(program.replace(account, "123456789012"));
    picture("<svg/>");
    const { code, output } = await up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /AWS account ID not allowed: .*000000000000.*123456789012.*\[aws-account-not-allowed\]/,
    );
    assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], []);
  });

  it("deploys, finds no change, sees what changed behind its back, restores it and destroys all", async () => {
    project.write(program);
    picture("<svg/>");
    succeeds(await project.run("preview"), /\+ 12 to create/);
    succeeds(await up(), /accountId: "000000000000"/);
    assert.equal(await anonymousStatus(server, options, "/pictures/a/picture.svg"), 200);
    succeeds(await up(), /12 unchanged/);
    succeeds(await project.run("preview", "--refresh", "--expect-no-changes"));

    await s3.send(new DeleteObjectCommand(target));
    assert.notEqual((await project.run("preview", "--refresh", "--expect-no-changes")).code, 0);
    succeeds(await up("--refresh"), /\+ 1 created/);
    assert.equal(await content(), "<svg/>");

    await s3.send(new PutObjectCommand({ ...target, Body: "other", ContentType: "image/svg+xml" }));
    succeeds(await up("--refresh"), /~ 1 updated/);
    assert.equal(await content(), "<svg/>");
    succeeds(await project.run("preview", "--refresh", "--expect-no-changes"));

    picture("<svg></svg>");
    succeeds(await up(), /~ 1 updated/);
    assert.equal(await content(), "<svg></svg>");

    succeeds(await project.run("destroy", "--yes", "--skip-preview"), /- 12 deleted/);
    assert.deepEqual((await s3.send(new ListBucketsCommand({}))).Buckets ?? [], []);
  });
});

function succeeds({ code, output }: PulumiResult, shows = /./): void {
  assert.equal(code, 0, output);
  assert.match(output, shows);
}
