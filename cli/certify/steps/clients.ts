import { managementAudience } from "../../../auth0/management-token.ts";
import { recordOf, textIn, valueIn } from "../../../lib/json.ts";
import { CallFailed, noteMade, step, success, type CertifyContext } from "../context.ts";
import type { Answer } from "../tenant-calls.ts";

export const clientScopes = ["create:clients", "read:clients", "delete:clients", "create:client_grants"];

/** What the application with fewer scopes is granted; what it lacks is what its facts are about. */
export const limitedScopes = [
  "read:actions",
  "read:connections",
  "read:users",
  "update:actions",
  "update:connections",
  "update:users_app_metadata",
];

export interface OwnClient {
  readonly id: string;
  readonly secret: string;
}

/** A machine-to-machine application with few scopes; the answer to its request for a token. */
export const limitedToken = step("client", async (context) => {
  const { calls, access, names } = context;
  const { id, secret } = await createClient(context, {
    name: names.limitedClient,
    app_type: "non_interactive",
  });
  const audience = managementAudience(access.domain);
  success(
    await calls.api("POST", "/client-grants", { body: { client_id: id, audience, scope: limitedScopes } }),
    "granting scopes to a client",
  );
  const answer = success(
    await calls.token({ grant_type: "client_credentials", client_id: id, client_secret: secret, audience }),
    "requesting a token with few scopes",
  );
  const token = valueIn(answer.body, "access_token");
  if (typeof token !== "string") throw new CallFailed("requesting a token with few scopes", answer);
  context.secrets.add(token);
  return { token, answer };
});

export async function createClient(
  context: CertifyContext,
  body: Readonly<Record<string, unknown>> & { readonly name: string },
): Promise<OwnClient> {
  const answer = success(await context.calls.api("POST", "/clients", { body }), "creating a client");
  const client = recordOf(answer.body);
  noteMade(context, "client", body.name, client["client_id"]);
  const secret = textIn(client, "client_secret");
  if (secret === "")
    throw new CallFailed("creating a client", withMessage(answer, "its answer has no client_secret"));
  context.secrets.add(secret);
  return { id: textIn(client, "client_id"), secret };
}

function withMessage({ status }: Answer, message: string): Pick<Answer, "status" | "body"> {
  return { status, body: { message } };
}
