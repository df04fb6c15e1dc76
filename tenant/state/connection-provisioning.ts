import { createHash, randomBytes } from "node:crypto";
import { millisecondTimestamp, randomAlphanumeric } from "./ids-and-timestamps.ts";

/** How a connection to Google Workspace takes users and groups over from its directory. It is kept; nothing is fetched. */
export interface DirectoryRecord {
  mapping: { idp: string; auth0: string }[];
  synchronize_automatically: boolean;
  synchronize_groups: "all" | "off" | "selected";
  created_at: string;
  updated_at: string;
  /** By their ids. */
  groups: Map<string, DirectoryGroup>;
}

export interface DirectoryGroup {
  id: string;
  name?: string;
  email?: string;
  direct_members_count?: number;
}

export type DirectoryInput = Partial<
  Pick<DirectoryRecord, "mapping" | "synchronize_automatically" | "synchronize_groups">
>;

export function newDirectory(input: DirectoryInput): DirectoryRecord {
  const now = millisecondTimestamp();
  return {
    mapping: defaultDirectoryMapping(),
    synchronize_automatically: false,
    synchronize_groups: "off",
    ...input,
    created_at: now,
    updated_at: now,
    groups: new Map(),
  };
}

export function changeDirectory(directory: DirectoryRecord, input: DirectoryInput): void {
  Object.assign(directory, input, { updated_at: millisecondTimestamp() });
}

/** How a company's provider may push users by SCIM. It is kept with its tokens; there is no SCIM endpoint. */
export interface ScimRecord {
  mapping: { scim?: string; auth0?: string }[];
  user_id_attribute: string;
  created_at: string;
  updated_on: string;
  tokens: ScimToken[];
}

interface ScimToken {
  token_id: string;
  scopes: string[];
  created_at: string;
  valid_until?: string;
  /** SHA-256 of the whole token, which is shown once. */
  hash: string;
}

export type ScimInput = Partial<Pick<ScimRecord, "mapping" | "user_id_attribute">>;

export function newScim(strategy: string, input: ScimInput): ScimRecord {
  const now = millisecondTimestamp();
  return {
    mapping: defaultScimMapping(strategy),
    user_id_attribute: "externalId",
    ...input,
    created_at: now,
    updated_on: now,
    tokens: [],
  };
}

export function changeScim(scim: ScimRecord, input: ScimInput): void {
  Object.assign(scim, input, { updated_on: millisecondTimestamp() });
}

/** Adds a token and returns it: nobody can read it later. `lifetimeSeconds` is left out for one that stays valid. */
export function addScimToken(
  scim: ScimRecord,
  scopes: string[],
  lifetimeSeconds?: number,
): { record: ScimToken; token: string } {
  const token_id = `tok_${randomAlphanumeric(16)}`;
  const token = `${token_id}.${randomBytes(32).toString("hex")}`;
  const record: ScimToken = {
    token_id,
    scopes,
    created_at: millisecondTimestamp(),
    ...(lifetimeSeconds === undefined
      ? {}
      : { valid_until: new Date(Date.now() + lifetimeSeconds * 1000).toISOString() }),
    hash: createHash("sha256").update(token).digest("hex"),
  };
  scim.tokens.push(record);
  return { record, token };
}

/** Attributes of Google Workspace that a user gets by the same name. */
const sameInBoth = `suspensionReason archived kind etag customerId orgUnitPath emails phones externalIds aliases addresses
  organizations nonEditableAliases relations languages posixAccounts notes websites locations keywords gender ims creationTime
  lastLoginTime changePasswordAtNextLogin isMailboxSetup includeInGlobalAddressList thumbnailPhotoUrl thumbnailPhotoEtag
  isEnrolledIn2Sv isEnforcedIn2Sv recoveryEmail recoveryPhone sshPublicKeys customSchemas primaryEmail isAdmin
  isDelegatedAdmin agreedToTerms suspended ipWhitelisted`;

export function defaultDirectoryMapping(): DirectoryRecord["mapping"] {
  const renamed = {
    "app_metadata.external_id": "id",
    email: "primaryEmail",
    name: "name.fullName",
    given_name: "name.givenName",
    family_name: "name.familyName",
    is_admin: "isAdmin",
    tou_accepted: "agreedToTerms",
    is_suspended: "suspended",
    blocked: "suspended",
    is_ipWhitelisted: "ipWhitelisted",
  };
  return [
    ...Object.entries(renamed).map(([auth0, idp]) => ({ idp, auth0 })),
    ...sameInBoth.split(/\s+/).map((name) => ({ idp: name, auth0: name })),
  ];
}

const address = (part: string) => `addresses[type eq "work"].${part}`;
const employee = (part: string) => `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.${part}`;
const phone = (kind: string) => `phoneNumbers[type eq "${kind}"].value`;

/** What every provider maps, SCIM's name first. */
const sharedScimMapping = {
  externalId: "app_metadata.external_id",
  active: "blocked",
  displayName: "name",
  "name.givenName": "given_name",
  "name.familyName": "family_name",
  nickName: "nickname",
  'photos[type eq "photo"].value': "picture",
  [phone("mobile")]: "app_metadata.mobile_phone_number",
  [address("streetAddress")]: "app_metadata.street_address",
  [address("locality")]: "app_metadata.city",
  [address("region")]: "app_metadata.state",
  [address("postalCode")]: "app_metadata.postal_code",
  [address("formatted")]: "app_metadata.postal_address",
  [address("country")]: "app_metadata.country",
  profileUrl: "app_metadata.profile_url",
  userType: "app_metadata.user_type",
  title: "app_metadata.title",
  preferredLanguage: "app_metadata.language",
  locale: "app_metadata.locale",
  timezone: "app_metadata.timezone",
  [employee("employeeNumber")]: "app_metadata.employee_id",
  [employee("costCenter")]: "app_metadata.cost_center",
  [employee("organization")]: "app_metadata.organization",
  [employee("division")]: "app_metadata.division",
  [employee("department")]: "app_metadata.department",
  [employee("manager")]: "app_metadata.manager",
};

const microsoftScimMapping = {
  userName: "upn",
  'emails[type eq "work"].value': "email",
  [phone("work")]: "app_metadata.work_phone_number",
  [phone("fax")]: "app_metadata.fax_number",
};

const oktaScimMapping = {
  userName: "preferred_username",
  "emails[primary eq true].value": "email",
  "name.middleName": "app_metadata.middle_name",
  "name.honorificPrefix": "app_metadata.honorific_prefix",
  "name.honorificSuffix": "app_metadata.honorific_suffix",
  "phoneNumbers[primary eq true].value": "app_metadata.primary_phone_number",
};

/** Recorded for Okta and Microsoft; that other providers' is Okta's is a guess. */
export function defaultScimMapping(strategy: string): { scim: string; auth0: string }[] {
  const own = strategy === "waad" ? microsoftScimMapping : oktaScimMapping;
  return Object.entries({ ...own, ...sharedScimMapping }).map(([scim, auth0]) => ({ scim, auth0 }));
}
