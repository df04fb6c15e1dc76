import { Provider as Auth0Provider } from "@pulumi/auth0/provider";
import { Provider as AwsProvider } from "@pulumi/aws/provider";
import { getStack } from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime";
import { bundleActions } from "./infra/bundle-actions.ts";
import { checkAuth0Credentials } from "./infra/check-auth0-credentials.ts";
import { checkAwsAccount } from "./infra/check-aws-account.ts";
import { ImageBucket } from "./infra/image-bucket.ts";
import { cloudFrontDelivery } from "./infra/image-delivery.ts";
import { LoginFlow } from "./infra/login-flow.ts";
import { ManagementClient } from "./infra/management-client.ts";
import { publishedDefaults } from "./infra/published-defaults.ts";
import { readStack } from "./infra/read-stack.ts";
import { reportingExpectedErrors } from "./infra/report-expected-errors.ts";
import { resourceTags } from "./infra/resource-tags.ts";
import { stackOutput } from "./infra/stack-output.ts";

/**
 * The whole deployment of one stack. Nothing is registered before everything that can be checked was, but the AWS
 * provider: it is what says whose the AWS credentials are.
 */
async function deploy() {
  const stack = getStack();
  const { config, image, settings } = await readStack(stack, allConfig());
  const bundles = bundleActions(settings);
  await checkAuth0Credentials(stack, config.auth0Domain, process.env);
  const aws = new AwsProvider("aws", { region: config.awsRegion });
  await checkAwsAccount(stack, config.awsAccountId, aws);
  const published = await publishedDefaults(config.imageBucket, aws);

  const auth0 = new Auth0Provider("auth0", { domain: config.auth0Domain });
  const bucket = new ImageBucket(
    "image-bucket",
    {
      bucketName: config.imageBucket,
      image,
      published,
      cloudFront: cloudFrontDelivery(config),
      keepSupersededDays: config.keepSupersededDays,
      uploadOrigins: config.uploadOrigins,
      tags: resourceTags(stack),
    },
    { providers: { aws } },
  );
  const flow = new LoginFlow("login-flow", { bundles, after: bucket.served }, { providers: { auth0 } });
  const client = new ManagementClient(
    "management-client",
    { auth0Domain: config.auth0Domain },
    { providers: { auth0 } },
  );
  return {
    settings,
    bucket,
    flow,
    client,
  };
}

const deployed = reportingExpectedErrors(deploy());

/** The environment's default image. */
export const defaultUrl = stackOutput(deployed, ({ settings }) => settings.defaultUrl);
/** The host at AWS that serves the pictures: with CloudFront, what the DNS record of your domain points at. */
export const servingDomainName = stackOutput(deployed, ({ bucket }) => bucket.servingDomainName);
/** The deployed version of each Action, by name. */
export const actionVersions = stackOutput(deployed, ({ flow }) => flow.versions);
/** The Management API client of the picture commands; the secret is encrypted in the state. */
export const managementClientId = stackOutput(deployed, ({ client }) => client.clientId);
export const managementClientSecret = stackOutput(deployed, ({ client }) => client.clientSecret);
