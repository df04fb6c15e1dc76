import type { S3Client } from "@aws-sdk/client-s3";
import { startS3, type S3Options, type S3Server } from "../../../local/s3/start-s3.ts";
import { createProvider, type AwsProvider } from "../../../plugins/aws/provider.ts";
import { s3Client } from "../../local/s3/s3-clients.ts";
import { s3Options } from "../../local/s3/s3-options.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

export interface ProviderSetup {
  readonly folder: string;
  readonly server: S3Server;
  readonly options: S3Options;
  /** The environment in which the provider finds the server. */
  readonly env: Readonly<Record<string, string>>;
  /** Configured. */
  readonly provider: AwsProvider;
  /** For what happens behind the provider's back. */
  readonly s3: S3Client;
}

/** An S3 server of its own and a provider on it for each test of the surrounding suite. */
export function configuredProvider(): () => ProviderSetup {
  const folder = temporaryFolder();
  let setup: ProviderSetup | undefined;
  beforeEach(async () => {
    const options = await s3Options(folder());
    const server = await startS3(options);
    const env = {
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_CA_BUNDLE: options.certificates.caFile,
    };
    const provider = createProvider(env);
    await provider.configure({});
    setup = { folder: folder(), server, options, env, provider, s3: s3Client(server, options) };
  });
  afterEach(async () => {
    setup?.s3.destroy();
    await setup?.server.stop();
    setup = undefined;
  });
  return () => setup!;
}
