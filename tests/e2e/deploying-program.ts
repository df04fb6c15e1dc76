/** For killed-run.test.ts: says its run's id and then deploys a program that never ends, in the folder of the first argument. */
import { join } from "node:path";
import { startS3 } from "../../local/s3/start-s3.ts";
import { s3Options } from "../local/s3/s3-options.ts";
import { pulumiProject } from "./pulumi-project.ts";

const endless = `
import { Bucket } from "@pulumi/aws/s3/bucket";
new Bucket("pictures");
setInterval(() => undefined, 1000);
`;

async function main(): Promise<void> {
  const folder = process.argv[2] ?? "";
  const options = await s3Options(folder);
  const server = await startS3(options);
  const awsPlugin = join(__dirname, "../../plugins/aws");
  const project = await pulumiProject({
    folder: join(folder, "project"),
    awsPlugin,
    env: {
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_REGION: server.region,
      AWS_CA_BUNDLE: options.certificates.caFile,
    },
  });
  project.write(endless);
  process.stdout.write(`${project.runId}\n`);
  await project.run("up", "--yes", "--skip-preview");
}

void main();
