import { Distribution } from "@pulumi/aws/cloudfront/distribution";
import { OriginAccessControl } from "@pulumi/aws/cloudfront/originAccessControl";
import { ResponseHeadersPolicy } from "@pulumi/aws/cloudfront/responseHeadersPolicy";
import type { Bucket } from "@pulumi/aws/s3/bucket";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { CloudFrontDelivery } from "../stack/image-delivery.ts";

export interface ImageDistributionArgs {
  readonly bucketName: string;
  readonly bucket: Bucket;
  readonly delivery: CloudFrontDelivery;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * AWS's own policy CachingOptimizedForUncompressedObjects, the same id in every account: the path alone is the
 * cache's key, and objects stay as long as they say. Images are compressed already.
 */
const cachePolicyId = "b2884449-e4de-46a7-ac36-70bc7f1ddd6d";

/** The CloudFront distribution in front of a bucket that only it may read. */
export function imageDistribution(args: ImageDistributionArgs, options: CustomResourceOptions): Distribution {
  const { bucketName, bucket, delivery, tags } = args;
  const access = new OriginAccessControl(
    "images",
    {
      name: bucketName,
      description: `Reads the bucket ${bucketName}.`,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    },
    options,
  );
  return new Distribution(
    "images",
    {
      enabled: true,
      comment: `Pictures in ${bucketName}`,
      aliases: [delivery.host],
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      origins: [
        {
          originId: "bucket",
          domainName: bucket.bucketRegionalDomainName,
          originAccessControlId: access.id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "bucket",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        compress: false,
        cachePolicyId,
        responseHeadersPolicyId: imageHeaders(bucketName, options).id,
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: {
        acmCertificateArn: delivery.certificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
      tags,
    },
    options,
  );
}

/** Any page's scripts may read the pictures, and no browser may take one for anything but its content type. */
function imageHeaders(bucketName: string, options: CustomResourceOptions): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(
    "images",
    {
      name: bucketName,
      comment: `For the pictures in ${bucketName}.`,
      corsConfig: {
        accessControlAllowCredentials: false,
        accessControlAllowHeaders: { items: ["*"] },
        accessControlAllowMethods: { items: ["GET", "HEAD"] },
        accessControlAllowOrigins: { items: ["*"] },
        accessControlMaxAgeSec: 86_400,
        originOverride: true,
      },
      securityHeadersConfig: { contentTypeOptions: { override: true } },
    },
    options,
  );
}
