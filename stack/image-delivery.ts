import type { KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";

/** What CloudFront serves the pictures with. */
export interface CloudFrontDelivery {
  /** The domain of yours that points at the distribution: `imageBaseUrl`'s host. */
  readonly host: string;
  /** Its certificate, which CloudFront reads in us-east-1 only. */
  readonly certificateArn: string;
}

/** How a configuration without problems has the pictures delivered; undefined: by the bucket itself. */
export function cloudFrontDelivery(config: ConfigValues): CloudFrontDelivery | undefined {
  const { imageDelivery, imageBaseUrl, imageCertificateArn: certificateArn } = config;
  if (imageDelivery === "bucket" || imageBaseUrl === undefined || certificateArn === undefined) {
    return undefined;
  }
  return { host: new URL(imageBaseUrl).hostname, certificateArn };
}

/** What is wrong with the keys of the delivery where each is right by itself. */
export function deliveryProblems(stack: string, values: Partial<ConfigValues>): KeyProblem[] {
  if (values.imageDelivery !== "cloudfront") return strayCertificate(values);
  const problems = [
    domainProblem(values),
    regionProblem(values),
    ...("imageCertificateArn" in values ? [certificateProblem(stack, values)] : []),
  ];
  return problems.filter((problem) => problem !== undefined);
}

function strayCertificate({ imageDelivery, imageCertificateArn }: Partial<ConfigValues>): KeyProblem[] {
  if (imageDelivery === undefined || imageCertificateArn === undefined) return [];
  const why = "is only for imageDelivery cloudfront, and imageDelivery is bucket";
  const remedy = "remove the key, or set imageDelivery to cloudfront";
  return [{ key: "imageCertificateArn", found: imageCertificateArn, why, remedy }];
}

function domainProblem(values: Partial<ConfigValues>): KeyProblem | undefined {
  // A key that is wrong by itself is not in the values, and is reported already.
  if (!("imageBaseUrl" in values)) return undefined;
  const { imageBaseUrl: found } = values;
  const remedy = "set it to https:// and your own domain, such as https://img.acme.com";
  const problem = (why: string) => ({ key: "imageBaseUrl", found, why, remedy });
  if (found === undefined) return problem("is not set, and imageDelivery cloudfront needs it");
  const { origin, port, hostname } = new URL(found);
  if (found !== origin) return problem("has a path, and CloudFront serves the bucket at the domain itself");
  if (port !== "") return problem("has a port, and CloudFront has only the standard one");
  if (/\.(amazonaws\.com|cloudfront\.net)$/.test(hostname)) return problem("is not your own domain");
  return undefined;
}

function certificateProblem(stack: string, values: Partial<ConfigValues>): KeyProblem | undefined {
  const { imageCertificateArn: found, awsAccountId } = values;
  const key = "imageCertificateArn";
  if (found === undefined) {
    const why = "is not set, and imageDelivery cloudfront needs it";
    const remedy = `request a certificate for the domain in us-east-1, then: pulumi config set ${key} <its ARN> --stack ${stack}`;
    return { key, found, why, remedy };
  }
  const account = found.split(":")[4];
  if (awsAccountId === undefined || account === awsAccountId) return undefined;
  const why = `belongs to account ${account ?? "?"}, but this stack uses ${awsAccountId}`;
  return { key, found, why, remedy: "use a certificate of the same account" };
}

/** CloudFront in China is a service of its own, and there is none in GovCloud. */
function regionProblem({ awsRegion: found }: Partial<ConfigValues>): KeyProblem | undefined {
  if (found === undefined || !/^(cn|us-gov)-/.test(found)) return undefined;
  const why = "is a region for which this project cannot set up CloudFront";
  return { key: "awsRegion", found, why, remedy: "set imageDelivery to bucket, or use another region" };
}
