import { Readable } from "node:stream";
import { constants, createGzip } from "node:zlib";
import type { ExportField, ExportJobRecord } from "./job-record.ts";
import type { TenantState } from "./tenant-state.ts";
import type { UserProfile } from "./user-record.ts";

/** What an export without `fields` holds; Auth0's own set is documented for CSV only, and much like this. */
const defaultFields: ExportField[] = [
  { name: "user_id" },
  { name: "email" },
  { name: "email_verified" },
  { name: "name" },
  { name: "nickname" },
  { name: "username" },
  { name: "given_name" },
  { name: "family_name" },
  { name: "picture" },
  { name: "created_at" },
  { name: "updated_at" },
  { name: "identities[0].connection", export_as: "Connection" },
];

/** How many users are written at once: between two such parts the tenant answers others. */
const partSize = 500;

/**
 * The file of an export, packed by gzip: a JSON object for each user on a line of its own, or CSV with a line of names. Only
 * the packed file is in memory as a whole. A user who changes meanwhile is in it in one state or the other.
 */
export async function packedExport(state: TenantState, job: ExportJobRecord): Promise<Buffer> {
  const packed: Buffer[] = [];
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  Readable.from(exportedParts(state, job)).pipe(gzip);
  for await (const bytes of gzip as AsyncIterable<Buffer>) packed.push(bytes);
  return Buffer.concat(packed);
}

function* exportedParts(state: TenantState, job: ExportJobRecord): Generator<string> {
  const fields = job.fields ?? defaultFields;
  let part = job.format === "csv" ? `${csvLine(fields.map(titleOf))}\n` : "";
  let count = 0;
  for (const profile of exportedProfiles(state, job)) {
    const row = fields.map((field) => [titleOf(field), valueAt(profile, field.name)] as const);
    const line =
      job.format === "csv" ? csvLine(row.map(([, value]) => value)) : JSON.stringify(Object.fromEntries(row));
    part += `${line}\n`;
    count += 1;
    if (count % partSize !== 0) continue;
    yield part;
    part = "";
  }
  if (part !== "") yield part;
}

function* exportedProfiles(state: TenantState, job: ExportJobRecord): Generator<UserProfile> {
  const connection = job.connection_id === undefined ? undefined : state.connections.get(job.connection_id);
  let left = job.limit ?? Infinity;
  for (const { profile } of state.users.values()) {
    if (job.connection_id !== undefined && !isOf(profile, connection?.name)) continue;
    if (left <= 0) return;
    left -= 1;
    yield profile;
  }
}

/** Whether any of the user's identities is of the connection; what a real export does with linked ones is not documented. */
function isOf({ identities }: UserProfile, connection: string | undefined): boolean {
  return connection !== undefined && identities.some((identity) => identity.connection === connection);
}

function titleOf({ name, export_as }: ExportField): string {
  return export_as ?? name;
}

/** `user_metadata.picture` and `identities[0].connection`: what there is on that way. */
function valueAt(profile: UserProfile, path: string): unknown {
  let value: unknown = profile;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function csvLine(values: unknown[]): string {
  const texts = values.map((value) => {
    const text = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
    return text === undefined ? "" : `"${text.replaceAll('"', '""')}"`;
  });
  return texts.join(",");
}
