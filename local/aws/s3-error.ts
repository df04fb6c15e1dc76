import { S3ServiceException } from "@aws-sdk/client-s3";

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
