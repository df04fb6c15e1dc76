/** Where S3 serves a bucket's objects over https (virtual-hosted style), without a final slash. */
export function bucketBaseUrl(bucket: string, region: string): string {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://${bucket}.s3.${region}.${suffix}`;
}

/** The prefix of users' own pictures in the bucket; the policy allows its URL by itself. */
export const usersPrefix = "users/";
