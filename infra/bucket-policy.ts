import { usersPrefix } from "./bucket-urls.ts";

/**
 * The bucket's policy document: the pictures may be read, and nothing goes over plain http. Nobody may list, and
 * nobody may read anything else, nor a superseded version.
 *
 * @param distributionArn The CloudFront distribution that alone may read; without one everybody may.
 */
export function bucketPolicy(bucketName: string, distributionArn?: string): object {
  const bucket = `arn:aws:s3:::${bucketName}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        ...reader(distributionArn),
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: [`${bucket}/default-*`, `${bucket}/${usersPrefix}*`],
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** Without the condition, anybody's distribution could read the bucket. */
function reader(distributionArn: string | undefined): object {
  if (distributionArn === undefined) return { Sid: "PublicPictures", Principal: "*" };
  return {
    Sid: "CloudFrontPictures",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
  };
}
