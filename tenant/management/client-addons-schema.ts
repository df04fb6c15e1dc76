import { closed, flag, list, open, orNull, text, whole, type BodySchema } from "./body-schema.ts";

function texts(...names: string[]): Record<string, BodySchema> {
  return Object.fromEntries(names.map((name) => [name, text()]));
}

function flags(...names: string[]): Record<string, BodySchema> {
  return Object.fromEntries(names.map((name) => [name, flag]));
}

const url = text({ format: "url-with-placeholders" });
const domain = open(texts("domain"));
const account = open(texts("account"));
const salesforceApi = open(texts("clientid", "principal", "communityName", "community_url_section"));

const azureBlob = open({
  accountName: text({ pattern: "^[a-z0-9]{3,24}$" }),
  storageAccessKey: text({ pattern: "^[A-Za-z0-9+/]{86}==$" }),
  containerName: text({ pattern: "^[a-z0-9][a-z0-9-]{2,62}$" }),
  blobName: text({ minLength: 1, maxLength: 1024 }),
  expiration: whole(0),
  signedIdentifier: text(),
  ...flags("blob_read", "blob_write", "blob_delete"),
  ...flags("container_read", "container_write", "container_delete", "container_list"),
});

const samlp = open({
  mappings: open(),
  ...texts("audience", "recipient", "signatureAlgorithm", "digestAlgorithm", "issuer", "destination"),
  ...texts("nameIdentifierFormat", "authnContextClassRef"),
  ...flags("createUpnClaim", "mapUnknownClaimsAsIs", "passthroughClaimsWithNoMapping", "mapIdentities"),
  signResponse: flag,
  lifetimeInSeconds: whole(),
  nameIdentifierProbes: list(text({ minLength: 1 })),
});

/** `addons` of an application: single sign-on to services of others, each with settings of its own. */
export const addonsSchema = closed({
  aws: open({ ...texts("principal", "role"), lifetime_in_seconds: whole(900, 43200) }),
  azure_blob: azureBlob,
  azure_sb: open({ ...texts("namespace", "sasKeyName", "sasKey", "entityPath"), expiration: whole() }),
  rms: open({ url }, "url"),
  mscrm: open({ url }, "url"),
  slack: open(texts("team"), "team"),
  sentry: open(texts("org_slug", "base_url")),
  box: open(),
  cloudbees: open(),
  concur: open(),
  dropbox: open(),
  echosign: domain,
  egnyte: domain,
  firebase: open({
    ...texts("secret", "private_key_id", "private_key", "client_email"),
    lifetime_in_seconds: whole(),
  }),
  newrelic: account,
  office365: open(texts("domain", "connection")),
  salesforce: open({ entity_id: url }),
  salesforce_api: salesforceApi,
  salesforce_sandbox_api: salesforceApi,
  samlp,
  layer: open(
    { ...texts("providerId", "keyId", "privateKey", "principal"), expiration: whole(0) },
    "providerId",
    "keyId",
    "privateKey",
  ),
  sap_api: open({
    ...texts("clientid", "usernameAttribute", "scope", "servicePassword", "nameIdentifierFormat"),
    tokenEndpointUrl: url,
  }),
  sharepoint: open({ url: text(), external_url: { anyOf: [list(text()), text()] } }),
  springcm: open(texts("acsurl")),
  wams: open(texts("masterkey")),
  wsfed: open(),
  zendesk: open(texts("accountName")),
  zoom: account,
  sso_integration: open(texts("name", "version")),
  oag: orNull(closed({})),
});
