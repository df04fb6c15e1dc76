/** A part of the project that has one purpose and one place in the order of imports. */
export interface Room {
  /** For people: a phrase that goes into docs/architecture.md. */
  readonly holds: string;
  /** The other rooms that its files may import, types too. */
  readonly mayImport: readonly string[];
  /** Its files import no package and nothing of Node either. */
  readonly pure?: true;
  /** Its files may import Pulumi's packages, which take long to load. */
  readonly pulumi?: true;
}

/** What every command may use. */
const base = ["lib", "policy", "stack", "auth0"];

/** A feature of `pictures`; `more` are the others that it builds on. */
function feature(holds: string, ...more: readonly string[]): Room {
  return { holds, mayImport: [...base, "cli/*", "cli/pulumi", ...more] };
}

/**
 * Every room by its place: `lib` is the folder with all below it, `cli/*` the files directly in `cli`, and a file's name is that file
 * alone. A file in no room, or an import that this list does not allow, is an error.
 */
const listed: Readonly<Record<string, Room>> = {
  "index.ts": {
    holds: "the Pulumi program: composes one stack and exports its outputs",
    mayImport: ["infra", "stack", "auth0", "lib", "policy"],
    pulumi: true,
  },
  actions: {
    holds: "what runs at Auth0: one file for each Action, guards and then one effect",
    mayImport: ["policy"],
    pure: true,
  },
  policy: { holds: "the picture decision: pure, no network, no clock", mayImport: [], pure: true },
  stack: {
    holds:
      "one environment: configuration, settings, default image, bundles, pins; no Pulumi resource, no network",
    mayImport: ["lib", "policy"],
  },
  infra: {
    holds: "Pulumi components and the guards that ask the tenant and AWS",
    mayImport: ["stack", "auth0", "lib", "policy"],
    pulumi: true,
  },
  auth0: {
    holds: "the Management API: credentials, token, client with retries, jobs, users' files",
    mayImport: ["lib"],
  },
  lib: { holds: "what knows nothing of pictures, Auth0 or Pulumi", mayImport: [] },
  sandbox: {
    holds: "runs Actions' code, for the local tenant and for commands",
    mayImport: ["lib"],
  },
  tenant: {
    holds: "the local Auth0 tenant: Management API, logins, faults, persistence",
    mayImport: ["sandbox", "local/certificates", "local/processes", "lib"],
  },

  "cli/pictures.js": { holds: "the entry of `pictures`: plain JavaScript", mayImport: ["loader"] },
  "cli/pictures-program.ts": {
    holds: "the table of commands",
    mayImport: [
      "cli/*",
      "cli/audit",
      "cli/bulk",
      "cli/certify",
      "cli/console",
      "cli/discourse",
      "cli/doctor",
      "cli/drift",
      "cli/impact",
      "cli/mirror",
      "cli/people",
      "cli/recover",
      "cli/rollback",
      "cli/rotate",
      "cli/setup",
      "cli/try",
      "lib",
    ],
  },
  "cli/*": {
    holds: "the frame: options, reports, exit codes; `bundle` and `completion`, which are one file each",
    mayImport: ["cli/pictures-program.ts", ...base],
  },
  "cli/pulumi": {
    holds: "asks `pulumi` and the stack's file which tenant a command works on",
    mayImport: ["stack", "auth0", "lib"],
  },
  "cli/image": {
    holds: "pictures from outside: formats, decoding apart, safe addresses",
    mayImport: ["stack", "policy", "lib"],
  },
  "cli/storage": {
    holds: "users' files in the stack's bucket and CloudFront",
    mayImport: ["cli/image", "stack", "policy", "lib"],
  },
  "cli/report-page": {
    holds: "a report as one HTML file with pictures in it",
    mayImport: ["cli/image", "policy", "lib"],
  },
  "cli/people": feature(
    "one user's picture: show, set, clear, block, undo, forget",
    "cli/discourse",
    "cli/image",
    "cli/storage",
  ),
  "cli/bulk": feature(
    "`apply`, `undo`: changes to many users, and taking them back",
    "cli/image",
    "cli/people",
  ),
  "cli/audit": feature(
    "`audit`: what is wrong with the users' pictures",
    "cli/image",
    "cli/people",
    "cli/report-page",
    "cli/storage",
  ),
  "cli/impact": feature(
    "`impact`: whose picture a deployment changes",
    "cli/people",
    "cli/report-page",
    "sandbox",
  ),
  "cli/mirror": feature(
    "`mirror`: copies of providers' pictures in the stack's bucket",
    "cli/bulk",
    "cli/image",
    "cli/people",
    "cli/storage",
  ),
  "cli/console": feature(
    "`console`: a page for the people who look at pictures",
    "cli/audit",
    "cli/bulk",
    "cli/discourse",
    "cli/image",
    "cli/people",
    "cli/report-page",
    "cli/storage",
  ),
  "cli/certify": feature("`certify`: whether what is known of Auth0 holds in a tenant"),
  "cli/discourse": feature("`discourse`: avatars in a forum", "cli/image", "cli/people"),
  "cli/drift": feature("`drift` and `redeploy`: what was changed outside", "cli/image"),
  "cli/rollback": feature("`rollback`, `versions` and `unpin`"),
  "cli/recover": feature("`recover` and `adopt`: a lost state, existing objects", "cli/storage"),
  "cli/doctor": feature("`doctor`: what a deployment lacks", "cli/image", "cli/storage"),
  "cli/rotate": feature("`rotate` and `keys`: the client's secret or key"),
  "cli/setup": feature("`setup`: a stack's file, and the way to its first deployment", "cli/doctor"),
  "cli/try": feature("`try`: one login with another version of the code", "cli/rollback", "sandbox"),

  "plugins/grpc": { holds: "what both plugins share: a provider on gRPC", mayImport: ["lib"], pulumi: true },
  "plugins/userpictures": {
    holds: "our provider plugin, a program of its own that the engine starts",
    mayImport: ["plugins/grpc", "auth0", "lib"],
  },
  "plugins/aws": {
    holds: "the stand-in for the AWS plugin, for stack `local`",
    mayImport: ["plugins/grpc", "lib"],
  },

  "local/processes": { holds: "processes that end with their run", mayImport: ["lib"] },
  "local/certificates": { holds: "a local authority and its certificates", mayImport: ["lib"] },
  "local/login": { holds: "logs a user in without a browser", mayImport: ["lib"] },
  "local/browser": { holds: "finds Chromium, for browser tests and screenshots", mayImport: ["lib"] },
  "local/toolchain": { holds: "gets the pinned tools", mayImport: ["lib"] },
  "local/s3": { holds: "the S3 server", mayImport: ["local/processes", "lib"] },
  "local/page": {
    holds: "the page of `npm start`",
    mayImport: ["tenant", "sandbox", "local/login", "policy", "lib"],
  },
  "local/providers": {
    holds: "stand-ins for Google and Gravatar, which serve pictures",
    mayImport: ["local/certificates", "local/page", "lib"],
  },
  "local/start": {
    holds: "puts the local world together and deploys to it",
    mayImport: [
      "local/certificates",
      "local/login",
      "local/page",
      "local/processes",
      "local/providers",
      "local/s3",
      "local/toolchain",
      "tenant",
      ...base,
    ],
  },
  "local/*": {
    holds: "the programs: `npm start`, `npm run local`, the screenshot",
    mayImport: ["local/start", "local/browser", "cli/audit", "lib"],
  },

  loader: {
    holds: "runs a program from its sources or from a bundle, and keeps what it made; plain JavaScript",
    mayImport: [],
  },
  release: { holds: "a release's notes: the changelog's section of the tag", mayImport: ["lib"] },
  examples: { holds: "an application's upload of pictures, to copy from", mayImport: [] },
  "eslint.config.mjs": { holds: "the linter's rules", mayImport: [] },
};

const all = Object.keys(listed);

export const rooms: Readonly<Record<string, Room>> = {
  ...listed,
  bench: { holds: "measures the commands beside alternatives", mayImport: all },
  tests: { holds: "mirrors the rooms", mayImport: [...all, "bench"], pulumi: true },
};

/** The rooms that a room may import, in words; `written` is how a room's name stands there. */
export function allowedWords(name: string, written = (room: string) => room): string {
  const allowed = rooms[name]?.mayImport ?? [];
  const others = Object.keys(rooms).filter((other) => other !== name && !allowed.includes(other));
  if (allowed.length === 0) return "no other room";
  if (others.length === 0) return "every other room";
  const some = others.length < allowed.length ? others : allowed;
  return `${some === others ? "every other room but " : ""}${some.map(written).join(", ")}`;
}
