import assert from "node:assert/strict";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { pollUntil } from "../../lib/clock.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { s3Client } from "../local/s3/s3-clients.ts";
import { runPictures } from "./run-pictures.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

interface Diagnosis {
  readonly stack: string;
  readonly problems: number;
  readonly checks: readonly {
    readonly name: string;
    readonly status: "ok" | "problem" | "skipped";
    readonly detail: string;
    readonly remedy?: string;
  }[];
}

/** One life of a stack, in the order in which the tests stand. */
describe("pictures doctor", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);

  before(async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
  });

  async function diagnose(code: number, env: Readonly<Record<string, string>> = {}): Promise<Diagnosis> {
    const changed: LocalWorld = { ...world(), environment: () => ({ ...world().environment(), ...env }) };
    const answer = await runPictures(changed, "doctor", "--json");
    assert.equal(answer.code, code, answer.out + answer.err);
    for (const secret of [world().tenant.clientSecret, world().s3.secretAccessKey])
      assert.equal((answer.out + answer.err).includes(secret), false);
    return JSON.parse(answer.out) as Diagnosis;
  }

  const withStatus = ({ checks }: Diagnosis, status: string) =>
    checks.filter((check) => check.status === status).map(({ name }) => name);

  /** Without AUTH0_* the stack's own client is used. */
  const ownClient = { AUTH0_CLIENT_ID: "", AUTH0_CLIENT_SECRET: "" };

  it("names what a stack lacks that was never deployed, each with what mends it", async () => {
    const diagnosis = await diagnose(2);
    assert.deepEqual(withStatus(diagnosis, "problem"), ["bucket", "default-image", "actions"]);
    for (const { status, detail, remedy } of diagnosis.checks) {
      if (status === "problem") assert.match(remedy ?? detail, /pulumi/);
    }
  });

  it("names another tenant's credentials, and skips what needs them", async () => {
    const diagnosis = await diagnose(2, { AUTH0_DOMAIN: "acme-prod.eu.auth0.com" });
    assert.ok(withStatus(diagnosis, "problem").includes("credentials"));
    const skipped = withStatus(diagnosis, "skipped");
    for (const name of ["token", "scopes", "actions"]) assert.ok(skipped.includes(name), name);
  });

  it("finds nothing wrong with what was just deployed", async () => {
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    const diagnosis = await diagnose(0);
    assert.equal(diagnosis.stack, "local");
    assert.deepEqual(withStatus(diagnosis, "problem"), []);
    // There is no AWS here that knows whose the credentials are.
    assert.deepEqual(withStatus(diagnosis, "skipped"), ["aws-identity"]);
  });

  it("finds nothing wrong with the stack's own client, which may not read Actions", async () => {
    const diagnosis = await diagnose(0, ownClient);
    assert.match(
      diagnosis.checks.find(({ name }) => name === "credentials")?.detail ?? "",
      /stack's outputs/,
    );
    assert.deepEqual(withStatus(diagnosis, "skipped"), ["aws-identity", "actions"]);
  });

  it("names the scopes that somebody took from that client", async () => {
    const { managementClientId } = JSON.parse(
      await requirePulumi(world(), ["stack", "output", "--json"]),
    ) as {
      managementClientId: string;
    };
    const grants = (await api.call("GET", `/client-grants?client_id=${managementClientId}`)) as {
      id: string;
    }[];
    await api.call("PATCH", `/client-grants/${grants[0]?.id ?? ""}`, { scope: ["read:users"] });
    const diagnosis = await diagnose(2, ownClient);
    assert.deepEqual(withStatus(diagnosis, "problem"), ["scopes"]);
    const { detail } = diagnosis.checks.find(({ name }) => name === "scopes")!;
    assert.match(detail, /update:users is missing/);
  });

  it("names the default image and the Action that somebody removed or edited", async () => {
    await removeDefaultImage(world());
    const { actions } = (await api.call("GET", "/actions/actions?actionName=user-picture")) as {
      actions: { id: string }[];
    };
    const id = actions[0]?.id ?? "";
    await api.call("PATCH", `/actions/actions/${id}`, {
      code: "exports.onExecutePostLogin = async () => {};",
    });
    // The local tenant builds while somebody looks.
    const isBuilt = async () =>
      ((await api.call("GET", `/actions/actions/${id}`)) as { status: string }).status === "built";
    assert.ok(await pollUntil(isBuilt, { withinMs: 30_000 }));
    await api.call("POST", `/actions/actions/${id}/deploy`);
    const diagnosis = await diagnose(2);
    assert.deepEqual(withStatus(diagnosis, "problem"), ["default-image", "actions"]);
    const details = diagnosis.checks.map(({ detail }) => detail).join("\n");
    assert.match(details, /default-[0-9a-f]{16}\.png is not public: it answers 40[34]/);
    assert.match(details, /user-picture runs other code than the program's/);
  });

  it("names every wrong key of the configuration, for people", async () => {
    await world().configure({ gravatar: "sometimes", maxLength: "long" });
    const { code, out } = await runPictures(world(), "doctor");
    assert.equal(code, 2);
    assert.match(out, /^problem {2}config .*\n +- gravatar \(sometimes\).*\n +- maxLength \(long\)/m);
    assert.match(out, /Stack local: 1 problem\.\n$/);
    assert.doesNotMatch(out, /\u001b/, "no colours outside a terminal");
  });

  it("says where a stack's file is missing", async () => {
    const { code, out } = await runPictures(world(), "doctor", "--stack", "nowhere");
    assert.equal(code, 2);
    assert.match(out, /Pulumi\.nowhere\.yaml/);
  });
});

async function removeDefaultImage({ s3, caFile, ...world }: LocalWorld): Promise<void> {
  const url = new URL(
    (await requirePulumi({ s3, caFile, ...world }, ["stack", "output", "defaultUrl"])).trim(),
  );
  const client = s3Client(s3, { certificates: { caFile } });
  try {
    const key = url.pathname.slice(`/${s3.bucket}/`.length);
    await client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: key }));
  } finally {
    client.destroy();
  }
}
