import type { S3Client } from "@aws-sdk/client-s3";
import type { ManagementClient } from "auth0";
import { deployCredentials, domainIn } from "../../auth0/credentials.ts";
import { managementClient } from "../../auth0/management-client.ts";
import { requestAccess } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { textIn, type JsonRecord } from "../../lib/json.ts";
import { s3Client, s3Endpoint } from "../storage/aws-clients.ts";
import type { Program } from "./program-resources.ts";

/** Something in the tenant or the account that could be a resource of the program. */
export interface Candidate {
  /** The id by which it is imported. */
  readonly id: string;
  /** For people: what and which it is. */
  readonly what: string;
  /** Whether it is provably this project's, for this stack. */
  readonly isOurs: boolean;
  /** For people: why it is taken for ours, or what is missing for that. */
  readonly because: string;
  /** Why it can never be taken over; undefined where it can. */
  readonly refusal?: string;
}

/** What `recover` and `adopt` know of one resource type. */
export interface ResourceKind {
  readonly type: string;
  /**
   * Whether to create it where it is there already has the effect of an update. Then a lost answer does no harm, and only
   * `adopt` imports it, so that the preview after it shows differences.
   */
  readonly isRepeatable: boolean;
  /** What it takes to look for it: scopes of the Management API, or actions of IAM. */
  readonly permissions: readonly string[];
  /** Whether it is the one that `adopt --client ID` names. */
  readonly isNamedByUser?: boolean;
  /** What is there that could be the resource with these inputs, the best first. */
  readonly find: (inputs: JsonRecord, services: Services) => Promise<readonly Candidate[]>;
  /** Removes a duplicate. Without it one is never removed, as where the service allows no second: the state is stale then. */
  readonly remove?: (id: string, services: Services) => Promise<unknown>;
  /** What a killed run left undone at a resource that the state takes for finished; undefined where nothing. */
  readonly unfinished?: (id: string, inputs: JsonRecord, services: Services) => Promise<string | undefined>;
  readonly finish?: (id: string, services: Services) => Promise<unknown>;
}

/** The services that a recovery asks, with the deploying credentials. */
export interface Services {
  readonly management: ManagementClient;
  /** Host name of the tenant. */
  readonly auth0Domain: string;
  readonly s3: S3Client;
  readonly awsRegion: string;
  /** The AWS account whose buckets are the stack's; undefined for a server that is not Amazon's: it has no accounts. */
  readonly awsAccountId: string | undefined;
}

/**
 * The preview has checked before that the credentials are those of the stack's tenant and account.
 *
 * @throws ExpectedError as `deployCredentials` and `requestAccess` do.
 */
export async function servicesOf({ stack, config, project }: Program, env: Environment): Promise<Services> {
  const value = (key: string): string => textIn(config, `${project}:${key}`);
  const domain = domainIn(value("auth0Domain"), "Config key auth0Domain");
  const region = value("awsRegion");
  const access = await requestAccess(await deployCredentials(stack, domain, env));
  const isAmazon = s3Endpoint(env) === undefined;
  return {
    management: await managementClient(access),
    auth0Domain: domain,
    s3: s3Client(region, env),
    awsRegion: region,
    awsAccountId: isAmazon ? value("awsAccountId") : undefined,
  };
}
