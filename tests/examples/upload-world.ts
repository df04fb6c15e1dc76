import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import type { PictureStore } from "../../examples/app-upload/picture-store.ts";
import { bucketPolicy } from "../../infra/image-bucket.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import { createLoginClient, type LoginClient } from "../../local/login/login.ts";
import { startS3, type S3Server } from "../../local/s3/start-s3.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { deployBundles } from "../actions/deploy-bundles.ts";
import { managementApi } from "../management-api.ts";
import { settingsWith } from "../policy/settings.ts";

// The SDK announces at every start when its support for this Node ends; package.json says which Node is meant.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const bucket = "acme-test-pictures";
const redirectUri = "https://app.test/callback";

/** What a stack deploys, in a folder of the test's own: the bucket, the tenant with the Actions, an application. */
export interface UploadWorld {
  readonly store: PictureStore;
  readonly s3: S3Server;
  readonly tenant: Tenant;
  readonly app: LoginClient;
  readonly caFile: string;
  readonly stop: () => Promise<void>;
}

export async function startUploadWorld(folder: string): Promise<UploadWorld> {
  const certificates = await ensureCertificates(join(folder, "certificates"));
  const { caFile } = certificates;
  const { versitygw } = toolchainPaths();
  const s3 = await startS3({ versitygw, dataDir: join(folder, "s3"), port: 0, certificates });
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: s3,
    requestChecksumCalculation: "WHEN_REQUIRED",
    requestHandler: { httpsAgent: new HttpsAgent({ ca: readFileSync(caFile) }) },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const Policy = JSON.stringify(bucketPolicy(bucket));
  await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const uploadKeys = [newKey(), newKey()] as const;
  const store = { s3: client, bucket, baseUrl: `${s3.endpoint}/${bucket}`, uploadKeys };

  const tenant = await createTenant({ port: 0, certificates });
  const app = await deployedApp(tenant, caFile, store);
  // The example uses the platform's own fetch, as a browser does; here it has to trust the local authority.
  const trusting = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  const former = getGlobalDispatcher();
  setGlobalDispatcher(trusting);
  const stop = async () => {
    setGlobalDispatcher(former);
    await Promise.all([trusting.close(), app.close(), tenant.close()]);
    client.destroy();
    await s3.stop();
  };
  return { store, s3, tenant, app, caFile, stop };
}

/** As `openssl rand -base64 32` prints one. */
function newKey(): string {
  return randomBytes(32).toString("base64");
}

async function deployedApp(tenant: Tenant, caFile: string, { baseUrl }: PictureStore): Promise<LoginClient> {
  const { domain, clientId, clientSecret } = tenant;
  const api = await managementApi({ domain, caFile, clientId, clientSecret });
  await deployBundles(api, bundleActions(settingsWith({ allowedPrefixes: [`${baseUrl}/users/`] })));
  await api.close();
  const { client_id } = tenant.clients.create({
    name: "App",
    app_type: "spa",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code"],
    callbacks: [redirectUri],
  });
  return createLoginClient({ domain, caFile, clientId: client_id, redirectUri });
}
