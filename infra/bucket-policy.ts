import { usersPrefix } from "./bucket-urls.ts";

/** The bucket's policy document: everybody may get the pictures, and nothing goes over plain http. */
export function bucketPolicy(bucketName: string): object {
  const bucket = `arn:aws:s3:::${bucketName}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PublicPictures",
        Effect: "Allow",
        Principal: "*",
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
