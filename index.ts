import { Provider as Auth0Provider } from "@pulumi/auth0/provider";
import { Provider as AwsProvider } from "@pulumi/aws/provider";
import { getStack } from "@pulumi/pulumi";
import { allConfig, isDryRun } from "@pulumi/pulumi/runtime";
import { deployCredentials } from "./auth0/credentials.ts";
import { checkSurroundings } from "./infra/check-surroundings.ts";
import { deployClients } from "./infra/deploy-clients.ts";
import { recordDeployments } from "./infra/guard-deployed.ts";
import { askIdentities } from "./infra/identities.ts";
import { ImageBucket } from "./infra/image-bucket.ts";
import { LoginFlow } from "./infra/login-flow.ts";
import {
  encryptedKeys,
  isProtected,
  programWarning,
  reportingExpectedErrors,
  resourceTags,
  stackOutput,
} from "./infra/program-frame.ts";
import { readStackResources } from "./infra/read-stack-resources.ts";
import { ConnectionSync, UserPicturesProvider } from "./infra/user-pictures-provider.ts";
import { allInOrder } from "./lib/concurrency.ts";
import { term } from "./lib/terminal-text.ts";
import { bundleActions } from "./stack/bundle-actions.ts";
import { refuseExample } from "./stack/example-stacks.ts";
import { guardBundles } from "./stack/guard-bundles.ts";
import { cloudFrontDelivery } from "./stack/image-delivery.ts";
import { pinFindings } from "./stack/pin-findings.ts";
import { pinFiles, programActions, readPins } from "./stack/pins.ts";
import { readStack } from "./stack/read-stack.ts";
import { knownSecrets } from "./stack/secrets-in-code.ts";

/**
 * The whole deployment of one stack. Nothing is registered before everything that can be checked was, but the providers: it is
 * they who are asked. In an update only the AWS one comes before it is known whose the credentials are, since it says so.
 */
async function deploy() {
  const stack = getStack();
  const encrypted = encryptedKeys(process.env);
  // The engine takes longest for this answer: it decrypts the state for it.
  const resources = readStackResources();
  // A run that is refused before it is looked at must not fail twice.
  resources.catch(() => undefined);
  const { config, image, settings } = await readStack(stack, allConfig(), encrypted);
  refuseExample(stack, config);
  const sources = bundleActions(settings);
  const pinned = readPins(pinFiles(stack, process.env));
  for (const { text } of pinFindings(sources, pinned.pins)) await programWarning(term`${text}`);
  const bundles = programActions(sources, pinned.pins);
  await deployCredentials(stack, config.auth0Domain, process.env);
  const aws = new AwsProvider("aws", { region: config.awsRegion });
  const identities = askIdentities(stack, config, aws);
  // A preview keeps nothing of what it registers, so that the plugins may start meanwhile. What an update registers is
  // in the state at once, and `pulumi destroy` believes it.
  if (!isDryRun()) await allInOrder([identities.auth0, identities.aws]);
  const auth0 = new Auth0Provider("auth0", { domain: config.auth0Domain });
  const userpictures = new UserPicturesProvider("userpictures", { domain: config.auth0Domain });

  const run = { stack, config, bundles, pinned, resources };
  const { published, deployments, owners } = await checkSurroundings(run, identities, { aws, userpictures });
  const secrets = knownSecrets(process.env, allConfig(), encrypted);
  guardBundles({ bundles, settings, imageKeys: [image.key, ...published], secrets });

  const protect = isProtected(stack);
  await recordDeployments(deployments, { protect });
  const bucket = new ImageBucket(
    "image-bucket",
    {
      bucketName: config.imageBucket,
      image,
      published,
      cloudFront: cloudFrontDelivery(config),
      keepSupersededDays: config.keepSupersededDays,
      deleteContents: config.deleteBucketContents,
      uploadOrigins: config.uploadOrigins,
      tags: resourceTags(stack),
    },
    { providers: { aws }, protect },
  );
  const flow = new LoginFlow(
    "login-flow",
    { actions: bundles, after: bucket.served, owners, position: config.flowPosition },
    { providers: { auth0, userpictures }, protect },
  );
  for (const connection of new Set(config.connections)) {
    new ConnectionSync(
      connection,
      { connection, setting: config.connectionSync },
      { provider: userpictures, protect },
    );
  }
  const clients = deployClients(stack, config, { providers: { auth0 }, protect });
  return {
    settings,
    bucket,
    flow,
    clients,
  };
}

const deployed = reportingExpectedErrors(deploy());

/** The environment's default image. */
export const defaultUrl = stackOutput(deployed, ({ settings }) => settings.defaultUrl);
/** The host at AWS that serves the pictures: with CloudFront, what the DNS record of your domain points at. */
export const servingDomainName = stackOutput(deployed, ({ bucket }) => bucket.servingDomainName);
/** The CloudFront distribution, if there is one: whose copies of deleted pictures are taken away. */
export const imageDistributionId = stackOutput(deployed, ({ bucket }) => bucket.distributionId);
/** The deployed version of each Action, by name. */
export const actionVersions = stackOutput(deployed, ({ flow }) => flow.versions);
/** The Management API client of the picture commands; secrets are encrypted in the state. */
export const managementClientId = stackOutput(deployed, ({ clients }) => clients.current.clientId);
export const managementClientSecret = stackOutput(deployed, ({ clients }) => clients.current.clientSecret);
/** Its successor, while its secret is being rotated. */
export const nextManagementClientId = stackOutput(deployed, ({ clients }) => clients.next?.clientId);
export const nextManagementClientSecret = stackOutput(deployed, ({ clients }) => clients.next?.clientSecret);
/** The client that looks for drift in CI, if there is one. */
export const driftClientId = stackOutput(deployed, ({ clients }) => clients.drift?.clientId);
export const driftClientSecret = stackOutput(deployed, ({ clients }) => clients.drift?.clientSecret);
