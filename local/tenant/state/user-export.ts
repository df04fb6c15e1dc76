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

/** The file of an export: a JSON object for each user on a line of its own, or CSV with a line of names. */
export function exportedUsers(state: TenantState, job: ExportJobRecord): string {
  const connection = job.connection_id === undefined ? undefined : state.connections.get(job.connection_id);
  const users = [...state.users.values()]
    .map(({ profile }) => profile)
    .filter((profile) => job.connection_id === undefined || isOf(profile, connection?.name))
    .slice(0, job.limit);
  const fields = job.fields ?? defaultFields;
  const rows = users.map((profile) => fields.map((field) => [titleOf(field), valueAt(profile, field.name)]));
  const lines =
    job.format === "json"
      ? rows.map((row) => JSON.stringify(Object.fromEntries(row)))
      : [fields.map(titleOf), ...rows.map((row) => row.map(([, value]) => value))].map(csvLine);
  return lines.map((line) => `${line}\n`).join("");
}

function isOf(profile: UserProfile, connection: string | undefined): boolean {
  return connection !== undefined && profile.identities[0]?.connection === connection;
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
