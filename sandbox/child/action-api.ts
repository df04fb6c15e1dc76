import type { Effects } from "../action-outcome.ts";
import type { EffectKind } from "../flow.ts";

/** Parts of the documented api that change a login in ways this tenant does not have. Using one has to be noticed. */
const unsupported = {
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
} as const;

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
type ApiPart = Readonly<Record<string, ApiMethod>>;
type Api = Readonly<Record<string, ApiPart>>;

/** Makes the `api` of one login, which writes what is asked of it into `outcome`. */
export type CreateActionApi = (outcome: Effects) => Api;

/**
 * For one process. What does not depend on the login is made once, and what does when it is asked for: a warm flow makes an `api`
 * for each of a million logins, and hardly any uses more than one part of it.
 */
export function actionApiFactory(cache: Map<string, unknown>): CreateActionApi {
  const createSamlPart = samlPartFactory();
  const parts: Record<string, (api: OwnApi) => ApiPart> = {
    access: (api) => ({
      deny: (...values: unknown[]) => {
        // An older form has a code before the reason.
        const reason = values.at(-1);
        api[outcomeOf].denied = typeof reason === "string" ? reason : "";
        return api;
      },
    }),
    accessToken: (api) => ({
      addScope: recordsAs("accessToken.addScope", api),
      removeScope: recordsAs("accessToken.removeScope", api),
      setCustomClaim: recordsAs("accessToken.setCustomClaim", api),
    }),
    idToken: (api) => ({ setCustomClaim: recordsAs("idToken.setCustomClaim", api) }),
    samlResponse: (api) => createSamlPart(api[outcomeOf], () => api),
    user: (api) => ({
      setAppMetadata: recordsAs("user.setAppMetadata", api),
      setUserMetadata: recordsAs("user.setUserMetadata", api),
    }),
  };
  const fixed = { ...unsupportedParts(), cache: Object.freeze(cacheMethods(cache)) };
  const prototype: object = Object.create(
    Object.prototype,
    Object.fromEntries([
      ...Object.entries(fixed).map(([name, value]) => [name, { value, enumerable: true }]),
      ...Object.entries(parts).map(([name, make]) => [name, { get: partGetter(make), enumerable: true }]),
    ]) as PropertyDescriptorMap,
  ) as object;
  Object.freeze(prototype);
  return (outcome) => {
    const api = Object.create(prototype) as OwnApi;
    api[outcomeOf] = outcome;
    return api;
  };
}

const outcomeOf: unique symbol = Symbol("outcome");

type OwnApi = Api & { [outcomeOf]: Effects };

function partGetter(make: (api: OwnApi) => ApiPart): () => ApiPart {
  return function get(this: OwnApi) {
    return make(this);
  };
}

function recordsAs(kind: EffectKind, api: OwnApi): ApiMethod {
  return (name, value) => {
    record(api[outcomeOf], kind, kind, name, value);
    return api;
  };
}

/** Its many methods are made when they are asked for: hardly any login has a use for them. */
function samlPartFactory(): (outcome: Effects, api: () => Api) => ApiPart {
  interface SamlPart {
    readonly [methods]: (method: string) => ApiMethod;
  }
  const methods: unique symbol = Symbol("methods");
  const prototype = Object.create(null) as object;
  for (const method of [...samlSettings, "setAttribute"]) {
    Object.defineProperty(prototype, method, {
      enumerable: true,
      get(this: SamlPart) {
        return this[methods](method);
      },
    });
  }
  Object.freeze(prototype);
  return (outcome, api) => {
    const part = Object.create(prototype) as Record<symbol, unknown>;
    part[methods] =
      (method: string): ApiMethod =>
      (name, value) => {
        if (method === "setAttribute") {
          record(outcome, "samlResponse.setAttribute", "samlResponse.setAttribute", name, value);
        } else record(outcome, "samlResponse", `samlResponse.${method}`, method, name);
        return api();
      };
    return part;
  };
}

function record(outcome: Effects, kind: EffectKind, method: string, name: unknown, value: unknown): void {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`api.${method} needs a name, a string that is not empty.`);
  }
  outcome.effects.push(value === undefined ? { kind, name } : { kind, name, value: jsonCopy(value, method) });
}

function unsupportedParts(): Readonly<Record<keyof typeof unsupported, ApiPart>> {
  const refuse = (name: string) => (): never => {
    throw new Error(`not supported by the local tenant: api.${name}`);
  };
  return Object.fromEntries(
    Object.entries(unsupported).map(([part, methods]) => [
      part,
      Object.freeze(Object.fromEntries(methods.map((method) => [method, refuse(`${part}.${method}`)]))),
    ]),
  ) as unknown as Record<keyof typeof unsupported, ApiPart>;
}

/** Of a warm flow, a million logins fill one cache. */
const mostCached = 1000;

/** Auth0's cache may lose anything at any time; this one lasts as long as its process, and loses the oldest beyond a number. */
function cacheMethods(cache: Map<string, unknown>): Record<string, ApiMethod> {
  return {
    get: (key) => cache.get(String(key)),
    set: (key, value) => {
      // One day is the longest life that Auth0 documents for an entry.
      const record = { value, expires_at: Date.now() + 24 * 60 * 60 * 1000 };
      // What is set again is the newest.
      cache.delete(String(key));
      cache.set(String(key), record);
      for (const oldest of cache.keys()) {
        if (cache.size <= mostCached) break;
        cache.delete(oldest);
      }
      return { type: "success", record };
    },
    delete: (key) => {
      cache.delete(String(key));
      return { type: "success" };
    },
  };
}

function jsonCopy(value: unknown, method: string): unknown {
  if (typeof value === "string") return value;
  try {
    // A function or a symbol has no JSON text at all.
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch (cause) {
    throw new TypeError(`api.${method} was given a value that is not JSON.`, { cause });
  }
}
