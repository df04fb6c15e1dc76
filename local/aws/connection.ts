import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import type { ProviderSettings } from "./provider-settings.ts";
import { errorName, isS3Error } from "./s3-error.ts";
import { LocalError } from "../processes/local-error.ts";

/** A configured provider. */
export interface Connection {
  readonly s3: S3Client;
  readonly settings: ProviderSettings;
}

/**
 * Connects to the S3 server.
 *
 * @throws LocalError `aws-ca-unreadable`, `aws-unreachable`, `aws-untrusted` or `aws-credentials-refused`.
 */
export async function connect(settings: ProviderSettings): Promise<Connection> {
  const { endpoint, region, accessKeyId, secretAccessKey, caFiles } = settings;
  const keepAlive = { keepAlive: true };
  const s3 = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 2,
    requestHandler: {
      httpAgent: new HttpAgent(keepAlive),
      httpsAgent: new HttpsAgent(
        caFiles.length === 0 ? keepAlive : { ...keepAlive, ca: caFiles.map(readCa) },
      ),
      connectionTimeout: 5000,
    },
  });
  if (settings.checksCredentials) await checkCredentials(s3, endpoint);
  return { s3, settings };
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new LocalError(
      "aws-ca-unreadable",
      `The certificates in ${file} cannot be read. Set AWS_CA_BUNDLE to the PEM file of the local certificate authority.`,
      { cause },
    );
  }
}

/** The real provider asks STS whose the credentials are; here the S3 server says whether it knows them. */
async function checkCredentials(s3: S3Client, endpoint: string): Promise<void> {
  try {
    await s3.send(new ListBucketsCommand({}));
  } catch (cause) {
    if (isS3Error(cause)) {
      throw new LocalError(
        "aws-credentials-refused",
        `The S3 server at ${endpoint} refuses the AWS credentials (${errorName(cause)}). ` +
          "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to its keys; it has new ones after each start.",
        { cause },
      );
    }
    throw noAnswer(endpoint, cause);
  }
}

function noAnswer(endpoint: string, cause: unknown): LocalError {
  const name = errorName(cause);
  // Node's and OpenSSL's codes: CERT_HAS_EXPIRED, SELF_SIGNED_CERT_IN_CHAIN, UNABLE_TO_VERIFY_LEAF_SIGNATURE …
  if (/CERT|SIGNATURE/.test(name)) {
    const message = `The certificate of the S3 server at ${endpoint} is not trusted (${name}). Set AWS_CA_BUNDLE to the PEM file of the local certificate authority.`;
    return new LocalError("aws-untrusted", message, { cause });
  }
  const message = `The S3 server at ${endpoint} does not answer (${name}). Start the local world, then try again.`;
  return new LocalError("aws-unreachable", message, { cause });
}
