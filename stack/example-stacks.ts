import { ExpectedError } from "../lib/errors.ts";
import { configNamespace } from "./read-config.ts";

/**
 * What the stack files say that come with the project, by key, as text (lists as JSON): values of a company that there is not.
 * Whoever deploys puts their own in the same files, so that only this list knows which ones are nobody's.
 */
export const exampleStacks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dev: {
    auth0Domain: "acme-dev.eu.auth0.com",
    awsAccountId: "123456789012",
    awsRegion: "eu-central-1",
    imageBucket: "acme-dev-user-pictures",
  },
  staging: {
    auth0Domain: "acme-staging.eu.auth0.com",
    awsAccountId: "234567890123",
    awsRegion: "eu-central-1",
    imageBucket: "acme-staging-user-pictures",
    allowedHosts: '["img.acme.com"]',
  },
  prod: {
    auth0Domain: "acme.eu.auth0.com",
    awsAccountId: "345678901234",
    awsRegion: "eu-central-1",
    imageBucket: "acme-user-pictures",
    allowedHosts: '["img.acme.com"]',
  },
};

/** The keys that say whose a stack is. */
const identity = ["auth0Domain", "awsAccountId", "imageBucket"] as const;

/** What the three keys say, as text; undefined where a key is not set. */
export type StackIdentity = Readonly<Partial<Record<(typeof identity)[number], string>>>;

/** Whether a stack's tenant, account and bucket are those of an example: then the stack is nobody's. */
export function isExample(values: StackIdentity): boolean {
  return Object.values(exampleStacks).some((example) =>
    identity.every((key) => values[key] === example[key]),
  );
}

/** Whether a key's value is an example's, and cannot be somebody's: a region can. */
export function isExampleValue(key: string, text: string): boolean {
  return key !== "awsRegion" && Object.values(exampleStacks).some((example) => example[key] === text);
}

/**
 * For whoever is about to go to the stack's tenant: an example has none.
 *
 * @throws ExpectedError `stack-is-example`.
 */
export function refuseExample(stack: string, values: StackIdentity): void {
  if (!isExample(values)) return;
  throw new ExpectedError(
    "stack-is-example",
    `Stack ${stack} is still the example that comes with the project: ${String(values.auth0Domain)} is nobody's tenant. ` +
      `Put your own values into its file: npx pictures setup --stack ${stack}`,
  );
}

/** The three values in what `readStackFile` gives. */
export function identityIn(all: Readonly<Record<string, string>>): StackIdentity {
  const found = identity.flatMap((key) => {
    const text = all[`${configNamespace}:${key}`];
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(found) as StackIdentity;
}
