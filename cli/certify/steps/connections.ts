import { randomBytes } from "node:crypto";
import { recordIn, recordOf, textIn, valueIn, type JsonRecord } from "../../../lib/json.ts";
import { noteMade, step, success, type CertifyContext } from "../context.ts";

export const connectionScopes = [
  "create:connections",
  "read:connections",
  "read:connections_options",
  "update:connections",
  "update:connections_options",
  "delete:connections",
];

/** A connection to Google with made-up credentials, as a company's own would be set up; no application may use it. */
export const socialConnection = step("connection", async (context) => {
  const { calls, names, secrets } = context;
  const client_secret = randomBytes(18).toString("base64url");
  secrets.add(client_secret);
  const options = { client_id: "certify.apps.example.invalid", client_secret, email: true, profile: true };
  const body = { name: names.social, strategy: "google-oauth2", options };
  const { body: made } = success(await calls.api("POST", "/connections", { body }), "creating a connection");
  noteMade(context, "connection", names.social, valueIn(made, "id"));
  return { id: textIn(recordOf(made), "id"), options };
});

/** @returns The options; empty where there are none. */
export async function readOptions({ calls }: CertifyContext, id: string): Promise<JsonRecord> {
  const { body } = success(await calls.api("GET", `/connections/${id}`), "reading a connection");
  return recordIn(recordOf(body), "options");
}

export async function writeOptions({ calls }: CertifyContext, id: string, options: object): Promise<void> {
  success(
    await calls.api("PATCH", `/connections/${id}`, { body: { options } }),
    "writing a connection's options",
  );
}
