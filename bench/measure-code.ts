import { performance } from "node:perf_hooks";
import { compileFunction } from "node:vm";

const gravatar =
  "https://s.gravatar.com/avatar/205e460b479e2e5b48aec07710c08d50?s=480&r=pg" +
  "&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fjd.png";
const own = "https://img.acme.com/users/auth0-5f7c8ec7c33c6c004bbafe82.png";

interface UserPictures {
  readonly picture: string;
  readonly user_metadata: { readonly picture?: string };
  readonly app_metadata: { readonly picture_blocked?: boolean };
}

function login(strategy: string, user: Partial<UserPictures>): object {
  return {
    user: { user_id: `${strategy}|5f7c8ec7c33c6c004bbafe82`, user_metadata: {}, app_metadata: {}, ...user },
    connection: { id: "con_1", name: strategy, strategy },
    client: { client_id: "client", name: "An application", metadata: {} },
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["openid", "profile", "email"] },
  };
}

/** The post-login events of six kinds of user, by the picture that they come with. */
export const userKinds = {
  gravatar: login("auth0", { picture: gravatar }),
  placeholder: login("auth0", { picture: "https://cdn.auth0.com/avatars/jd.png" }),
  social: login("google-oauth2", { picture: "https://lh3.googleusercontent.com/a/abc=s96-c" }),
  own: login("auth0", { picture: gravatar, user_metadata: { picture: own } }),
  removed: login("auth0", { picture: gravatar, user_metadata: { picture: "" } }),
  blocked: login("auth0", {
    picture: gravatar,
    user_metadata: { picture: own },
    app_metadata: { picture_blocked: true },
  }),
} as const;

export type UserKind = keyof typeof userKinds;

/** What is measured: the code of one or more Actions, which run in this order in every login. */
interface Subject {
  readonly name: string;
  readonly codes: readonly string[];
}

/** Times in microseconds: medians, of one login in `median` and `perKind`. */
export interface Figures {
  readonly name: string;
  readonly bytes: number;
  readonly compile: number;
  readonly median: number;
  readonly perKind: Readonly<Record<UserKind, number>>;
}

type Handler = (event: object, api: object) => Promise<void>;

export const runs = 9;
export const loginsPerRun = 20_000;
const compilations = 51;
const kinds = Object.keys(userKinds) as UserKind[];

/** Measures the subjects in turns, so that other load on the machine affects all of them equally. */
export async function measureCode(subjects: readonly Subject[]): Promise<Figures[]> {
  const measured = subjects.map(({ name, codes }) => ({
    name,
    bytes: codes.reduce((sum, code) => sum + Buffer.byteLength(code), 0),
    compile: compileTime(codes),
    handlers: codes.map(compile),
    times: new Map<UserKind, number[]>(kinds.map((kind) => [kind, []])),
  }));
  // The first round only warms up: its times are not kept.
  for (let run = 0; run <= runs; run++) {
    for (const { handlers, times } of measured) {
      for (const [kind, kept] of times) {
        const time = await loginTime(handlers, userKinds[kind]);
        if (run > 0) kept.push(time);
      }
    }
  }
  return measured.map(({ name, bytes, compile, times }) => ({
    ...{ name, bytes, compile: rounded(compile), median: rounded(median([...times.values()].flat())) },
    perKind: Object.fromEntries(
      [...times].map(([kind, kept]) => [kind, rounded(median(kept))]),
    ) as Figures["perKind"],
  }));
}

/** As Node compiles a CommonJS module, which is what an Action is. */
function compile(code: string): Handler {
  const exports: { onExecutePostLogin?: Handler } = {};
  // vm types what it compiles as a bare Function, whose calls give any.
  (compileFunction(code, ["exports", "require", "module"]) as (exports: object) => void)(exports);
  if (exports.onExecutePostLogin === undefined) throw new Error("The code exports no onExecutePostLogin.");
  return exports.onExecutePostLogin;
}

function compileTime(codes: readonly string[]): number {
  const times: number[] = [];
  for (let round = 0; round < compilations; round++) {
    // V8 keeps what it compiled by its source: another comment makes it compile again.
    const fresh = codes.map((code) => `${code}// ${round}\n`);
    const start = performance.now();
    for (const code of fresh) compile(code);
    times.push((performance.now() - start) * 1000);
  }
  return median(times);
}

async function loginTime(handlers: readonly Handler[], event: object): Promise<number> {
  let last = "";
  const record = (_name: string, value: string): void => {
    last = value;
  };
  const api = { idToken: { setCustomClaim: record }, samlResponse: { setAttribute: record } };
  const start = performance.now();
  for (let login = 0; login < loginsPerRun; login++) {
    for (const handler of handlers) await handler(event, api);
  }
  const time = ((performance.now() - start) * 1000) / loginsPerRun;
  // Reading what was recorded keeps the recording from being optimised away.
  return last.length >= 0 ? time : Number.NaN;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rounded(microseconds: number): number {
  return Number(microseconds.toPrecision(3));
}
