import { randomBytes } from "node:crypto";

/** Every name of everything that is made begins with it, and with nothing else would anything be removed. */
export const ownMark = "auth0-user-pictures-certify-";

/** The users of a run: the first one logs in, the second is linked to it, the others are in the database for imports. */
export const userSlots = ["first", "second", "updated", "inserted", "refused", "bystander"] as const;
export type UserSlot = (typeof userSlots)[number];

/** The names of one run's things. */
export interface OwnNames {
  /** When it began and some random digits: `mf3k2a9b-4f2c`. */
  readonly run: string;
  readonly action: string;
  readonly database: string;
  /** Of another database: whatever an import does, the users who log in are not in it. */
  readonly importDatabase: string;
  readonly social: string;
  readonly limitedClient: string;
  readonly loginClient: string;
  /** The id in the database, which `auth0|` goes before. */
  readonly localUserId: (slot: UserSlot) => string;
  readonly userId: (slot: UserSlot) => string;
  /** At a domain that no mail can be sent to (RFC 2606). */
  readonly email: (slot: UserSlot) => string;
}

export function ownNames(run: string): OwnNames {
  const name = `${ownMark}${run}`;
  const localUserId = (slot: UserSlot) => `${name}-${slot}`;
  return {
    run,
    action: name,
    database: `${name}-database`,
    importDatabase: `${name}-imports`,
    social: `${name}-social`,
    limitedClient: `${name}-limited`,
    loginClient: `${name}-login`,
    localUserId,
    userId: (slot) => `auth0|${localUserId(slot)}`,
    email: (slot) => `${localUserId(slot)}@example.invalid`,
  };
}

export function newRun(at: Date): string {
  return `${at.getTime().toString(36)}-${randomBytes(2).toString("hex")}`;
}

const ownName = new RegExp(`^${ownMark}([0-9a-z]{8,9}-[0-9a-f]{4})(-[a-z]+)?$`);

/** The run that a name belongs to; undefined for every name that no run makes. */
export function runOf(name: unknown): string | undefined {
  return typeof name === "string" ? ownName.exec(name)?.[1] : undefined;
}

/** When a run began. */
export function startOf(run: string): Date {
  return new Date(Number.parseInt(run, 36));
}

/** Something in the tenant whose name says that a run of certify made it. Users go with their database connection. */
export interface OwnThing {
  readonly kind: "Action" | "client" | "connection";
  readonly id: string;
  readonly name: string;
  readonly run: string;
}
