import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { picturesProgram } from "../../cli/pictures-program.ts";
import { driftScopes } from "../../infra/deploy-clients.ts";
import { projectRoot } from "../../lib/project.ts";
import {
  capabilities,
  capabilityNames,
  scopesOf,
  type CapabilityName,
} from "../../stack/client-capabilities.ts";
import { setupTenant } from "../tenant/setup-tenant.ts";

/** What each capability's commands ask the Management API. The things named need not exist. */
const routes: Readonly<Record<CapabilityName, readonly string[]>> = {
  show: [
    "GET /users/auth0%7Cnone",
    "GET /users?q=name:none",
    "GET /users-by-email?email=none@example.com",
    "POST /jobs/users-exports",
    "GET /jobs/none",
  ],
  change: ["GET /users/auth0%7Cnone", 'PATCH /users/auth0%7Cnone {"user_metadata":{}}'],
  block: ["GET /users/auth0%7Cnone", 'PATCH /users/auth0%7Cnone {"app_metadata":{}}'],
  "sign-out": ["POST /users/auth0%7Cnone/revoke-access"],
  bulk: [
    "GET /users/auth0%7Cnone",
    'PATCH /users/auth0%7Cnone {"user_metadata":{}}',
    "POST /jobs/users-exports",
    "POST /jobs/users-imports",
    "GET /jobs/none",
    "GET /jobs/none/errors",
    "GET /connections",
  ],
  mirror: [
    "GET /users/auth0%7Cnone",
    'PATCH /users/auth0%7Cnone {"app_metadata":{}}',
    "POST /jobs/users-exports",
    "GET /jobs/none",
  ],
  connections: ["GET /connections", "GET /connections/none"],
  versions: ["GET /actions/actions?actionName=none", "GET /actions/actions/none/versions"],
  drift: [
    "GET /actions/actions",
    "GET /actions/triggers/post-login/bindings",
    "GET /clients/none",
    "GET /client-grants",
  ],
  impact: [
    "GET /actions/actions?actionName=none",
    "GET /actions/triggers/post-login/bindings",
    "POST /jobs/users-exports",
    "GET /jobs/none",
  ],
  rollback: [
    "GET /actions/actions/none",
    "GET /actions/actions/none/versions",
    'POST /actions/actions/none/versions/none/deploy {"update_draft":true}',
    "POST /actions/actions/none/deploy",
  ],
  try: [
    "GET /users/auth0%7Cnone",
    "POST /actions/actions {}",
    "GET /actions/actions/none",
    'POST /actions/actions/none/test {"payload":{}}',
    "DELETE /actions/actions/none",
  ],
};

/** `read:connections_options` opens no route: it makes the answer of one whole. */
const widening = new Set(["read:connections_options"]);

/** Public texts disagree on what deploying a version asks for: the tenant does as documented, the client has both. */
const disputed = new Set(["rollback update:actions"]);

describe("the scopes of the Management API client", () => {
  const setup = setupTenant();

  /** How many of the routes a token with these scopes is refused at. */
  async function refusals(capability: CapabilityName, scopes: readonly string[]): Promise<number> {
    const { request, tokenWith } = setup();
    const headers = { authorization: `Bearer ${await tokenWith(...scopes)}` };
    let refused = 0;
    for (const route of routes[capability]) {
      const [method = "", path = "", body] = route.split(" ");
      const parsed = body === undefined ? {} : { body: JSON.parse(body) as object };
      const { status, body: answer } = await request(method, `/api/v2${path}`, { headers, ...parsed });
      if (status === 403) refused += 1;
      else assert.notEqual(status, 501, `${route}: ${JSON.stringify(answer)}`);
    }
    return refused;
  }

  for (const name of capabilityNames) {
    it(`are enough for ${name}, and none of them is too many`, async () => {
      const scopes = scopesOf([name]);
      assert.equal(await refusals(name, scopes), 0);
      for (const scope of scopes) {
        if (widening.has(scope) || disputed.has(`${name} ${scope}`)) continue;
        const others = scopes.filter((other) => other !== scope);
        assert.ok((await refusals(name, others)) > 0, `${name} does without ${scope}`);
      }
    });
  }

  it("show a connection's options, without which a merge would erase them", async () => {
    const { request, tokenWith } = setup();
    const headers = { authorization: `Bearer ${await tokenWith(...scopesOf(["connections"]))}` };
    const { connections } = (
      await request("GET", "/api/v2/connections?page=0&include_totals=true", { headers })
    ).body as unknown as { connections: object[] };
    assert.ok(connections.length > 0 && connections.every((connection) => "options" in connection));
  });

  it("are each named once, in order, whatever the order of the capabilities", () => {
    assert.deepEqual(scopesOf(["change", "versions", "show"]), [
      "read:actions",
      "read:users",
      "update:users",
    ]);
    assert.deepEqual(scopesOf([]), []);
  });

  it("are whole scopes: one verb, one entity, no wildcard", () => {
    for (const scope of scopesOf(capabilityNames)) {
      assert.match(scope, /^(create|read|update|delete):[a-z_]+$/);
    }
  });

  it("are only for reading where they are the drift client's, and grow with what there is to read", () => {
    const least = driftScopes({ clientAuthentication: "client_secret_post", connections: [] });
    const most = driftScopes({ clientAuthentication: "private_key_jwt", connections: ["google-oauth2"] });
    assert.ok(most.every((scope) => scope.startsWith("read:")));
    assert.deepEqual(
      most.filter((scope) => !least.includes(scope)),
      ["read:connections", "read:connections_options", "read:client_credentials"],
    );
  });

  it("stand in the documentation as they are", () => {
    const page = readFileSync(join(projectRoot, "docs/management-client.md"), "utf8");
    const written = page.split("\n").map((line) => line.replaceAll(/ +/g, " "));
    for (const [name, { purpose, commands, scopes }] of Object.entries(capabilities)) {
      const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(", ");
      const row = `| \`${name}\` | ${purpose} | ${code(commands)} | ${code(scopes)} |`;
      assert.ok(written.includes(row), `docs/management-client.md lacks the row: ${row}`);
    }
  });
});

describe("the commands that a capability is for", () => {
  for (const [name, { commands }] of Object.entries(capabilities)) {
    it(`${name}: exist`, () => {
      const known = picturesProgram().commands.map((command) => command.name());
      assert.deepEqual(
        commands.filter((command) => !known.includes(command)),
        [],
      );
    });
  }
});
