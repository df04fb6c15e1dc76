import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { ListBucketsCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import type { ProviderSettings } from "./provider-settings.ts";

/** A configured provider. */
export interface Connection {
  readonly s3: S3Client;
  readonly settings: ProviderSettings;
}

/**
 * Connects to the S3 server.
 *
 * @throws ExpectedError `aws-ca-unreadable`, `aws-unreachable`, `aws-untrusted` or `aws-credentials-refused`.
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
    throw new ExpectedError(
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
      throw new ExpectedError(
        "aws-credentials-refused",
        `The S3 server at ${endpoint} refuses the AWS credentials (${errorName(cause)}). ` +
          "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to its keys; it has new ones after each start.",
        { cause },
      );
    }
    throw noAnswer(endpoint, cause);
  }
}

function noAnswer(endpoint: string, cause: unknown): ExpectedError {
  const name = errorName(cause);
  // Node's and OpenSSL's codes: CERT_HAS_EXPIRED, SELF_SIGNED_CERT_IN_CHAIN, UNABLE_TO_VERIFY_LEAF_SIGNATURE …
  if (/CERT|SIGNATURE/.test(name)) {
    const message = `The certificate of the S3 server at ${endpoint} is not trusted (${name}). Set AWS_CA_BUNDLE to the PEM file of the local certificate authority.`;
    return new ExpectedError("aws-untrusted", message, { cause });
  }
  const message = `The S3 server at ${endpoint} does not answer (${name}). Start the local world, then try again.`;
  return new ExpectedError("aws-unreachable", message, { cause });
}

/** Whether the server answered with an error, and not the network or TLS failed. */
export function isS3Error(error: unknown): error is S3ServiceException {
  return error instanceof S3ServiceException;
}

/** The S3 error code (`NoSuchBucket`), or the system's (`ECONNREFUSED`). */
export function errorName(error: unknown): string {
  if (isS3Error(error)) return error.name;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code ?? (error.message === "" ? error.name : error.message);
}

/** The answer, or undefined where the server says one of these codes: the thing is not there. */
export async function unlessMissing<T>(
  answer: Promise<T>,
  ...codes: readonly string[]
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isS3Error(error) && codes.includes(error.name)) return undefined;
    throw error;
  }
}
