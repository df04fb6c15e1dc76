/** What the AWS SDK says about a failure, without anything of the request in it. */
export interface AwsFailure {
  /** `AccessDenied`, `ExpiredToken`, `CredentialsProviderError`, `ENOTFOUND` … */
  readonly name: string;
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The region that the bucket is in, where S3 says so. */
  readonly bucketRegion: string | undefined;
}

/** Reads an error of the AWS SDK. */
export function awsFailure(error: unknown): AwsFailure {
  const { name, code, $metadata, $response } = Object(error) as Readonly<Record<string, unknown>>;
  const { httpStatusCode } = Object($metadata) as { httpStatusCode?: unknown };
  const { headers } = Object($response) as { headers?: unknown };
  const region = (Object(headers) as Record<string, unknown>)["x-amz-bucket-region"];
  return {
    name: firstText(code, name) ?? "an unknown error",
    status: typeof httpStatusCode === "number" ? httpStatusCode : undefined,
    bucketRegion: typeof region === "string" ? region : undefined,
  };
}

/** Whether there are no usable credentials at all. */
export function lacksCredentials({ name }: AwsFailure): boolean {
  return name === "CredentialsProviderError";
}

function firstText(...candidates: readonly unknown[]): string | undefined {
  return candidates.find((candidate) => typeof candidate === "string");
}
