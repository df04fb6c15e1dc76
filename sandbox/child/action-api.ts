import type { EffectKind } from "../flow.ts";
import type { RealmOutcome } from "./host.ts";

/** Parts of the documented api that change a login in ways this tenant does not have. Using one has to be noticed. */
const unsupported: Record<string, string[]> = {
  authentication: [
    "challengeWith",
    "challengeWithAny",
    "enrollWith",
    "enrollWithAny",
    "recordMethod",
    "setPrimaryUser",
  ],
  groups: ["getUserGroups", "hasGroupMembership"],
  multifactor: ["enable"],
  prompt: ["render"],
  redirect: ["canRedirect", "encodeToken", "sendUserTo", "validateToken"],
  refreshToken: [
    "deleteMetadata",
    "evictMetadata",
    "revoke",
    "setExpiresAt",
    "setIdleExpiresAt",
    "setMetadata",
  ],
  rules: ["wasExecuted"],
  session: [
    "deleteMetadata",
    "evictMetadata",
    "revoke",
    "setCookieMode",
    "setExpiresAt",
    "setIdleExpiresAt",
    "setMetadata",
  ],
  transaction: ["setMetadata", "setResultUrl"],
  validation: ["error"],
};

const samlSettings = [
  "setAudience",
  "setAuthnContextClassRef",
  "setCert",
  "setCreateUpnClaim",
  "setDestination",
  "setEncryptionCert",
  "setEncryptionPublicKey",
  "setIncludeAttributeNameFormat",
  "setIssuer",
  "setKey",
  "setLifetimeInSeconds",
  "setMapIdentities",
  "setMapUnknownClaimsAsIs",
  "setNameIdentifierFormat",
  "setNameIdentifierProbes",
  "setPassthroughClaimsWithNoMapping",
  "setRecipient",
  "setRelayState",
  "setSignResponse",
  "setSigningCert",
  "setTypedAttributes",
];

type ApiMethod = (...values: unknown[]) => unknown;
type Api = Record<string, Record<string, ApiMethod>>;

/** The `api` of a post-login Action, which writes what is asked of it into `outcome`. */
export function createActionApi(outcome: RealmOutcome, cache: Map<string, unknown>): Api {
  const api: Api = {};
  const records =
    (kind: EffectKind, method: string): ApiMethod =>
    (name, value) => {
      if (typeof name !== "string" || name === "") {
        throw new TypeError(`api.${method} needs a name, a string that is not empty.`);
      }
      outcome.effects.push(
        value === undefined ? { kind, name } : { kind, name, value: jsonCopy(value, method) },
      );
      return api;
    };
  const recordsAs = (kind: EffectKind): ApiMethod => records(kind, kind);
  const setting = (method: string): [string, ApiMethod] => [
    method,
    (value) => records("samlResponse", `samlResponse.${method}`)(method, value),
  ];

  Object.assign(api, unsupportedParts(), {
    access: {
      deny: (...values: unknown[]) => {
        // An older form has a code before the reason.
        const reason = values.at(-1);
        outcome.denied = typeof reason === "string" ? reason : "";
        return api;
      },
    },
    accessToken: {
      addScope: recordsAs("accessToken.addScope"),
      removeScope: recordsAs("accessToken.removeScope"),
      setCustomClaim: recordsAs("accessToken.setCustomClaim"),
    },
    cache: cacheMethods(cache),
    idToken: { setCustomClaim: recordsAs("idToken.setCustomClaim") },
    samlResponse: {
      ...Object.fromEntries(samlSettings.map(setting)),
      setAttribute: recordsAs("samlResponse.setAttribute"),
    },
    user: {
      setAppMetadata: recordsAs("user.setAppMetadata"),
      setUserMetadata: recordsAs("user.setUserMetadata"),
    },
  });
  return api;
}

function unsupportedParts(): Api {
  const refuse = (name: string) => (): never => {
    throw new Error(`not supported by the local tenant: api.${name}`);
  };
  return Object.fromEntries(
    Object.entries(unsupported).map(([part, methods]) => [
      part,
      Object.fromEntries(methods.map((method) => [method, refuse(`${part}.${method}`)])),
    ]),
  );
}

/** Auth0's cache may lose anything at any time; this one lasts as long as the flow. */
function cacheMethods(cache: Map<string, unknown>): Record<string, ApiMethod> {
  return {
    get: (key) => cache.get(String(key)),
    set: (key, value) => {
      // One day is the longest life that Auth0 documents for an entry.
      const record = { value, expires_at: Date.now() + 24 * 60 * 60 * 1000 };
      cache.set(String(key), record);
      return { type: "success", record };
    },
    delete: (key) => {
      cache.delete(String(key));
      return { type: "success" };
    },
  };
}

function jsonCopy(value: unknown, method: string): unknown {
  try {
    // A function or a symbol has no JSON text at all.
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch (cause) {
    throw new TypeError(`api.${method} was given a value that is not JSON.`, { cause });
  }
}
