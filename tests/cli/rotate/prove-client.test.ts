import assert from "node:assert/strict";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { deployClients, proveClient } from "../../../cli/rotate/prove-client.ts";
import { setupTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";

describe("the proof that a client works", () => {
  const setup = setupTenant();

  trustForEachTest(() => setup().certificates.caFile);

  function clientWith(...scope: string[]) {
    const { api, tenant } = setup();
    const { client_id, client_secret } = tenant.clients.create({ name: "M2M", app_type: "non_interactive" });
    const grant = async () => {
      const audience = `https://${tenant.domain}/api/v2/`;
      await api("POST", "/client-grants", { client_id, audience, scope });
    };
    const request = { domain: tenant.domain, clientId: client_id, clientSecret: client_secret };
    return { request, grant };
  }

  it("fails in the end where the client is refused each time", async () => {
    const pauses: number[] = [];
    const { request } = clientWith("read:users");
    const wait = (ms: number) => Promise.resolve(pauses.push(ms));
    await assert.rejects(proveClient(request, wait), { code: "client-refused" });
    assert.ok(pauses.length > 1 && pauses.every((ms, index) => ms > (pauses[index - 1] ?? 0)));
  });

  it("waits for a client that works only after a while", async () => {
    const { request, grant } = clientWith("read:users");
    let waits = 0;
    await proveClient(request, async () => {
      waits += 1;
      if (waits === 2) await grant();
    });
    assert.equal(waits, 2);
  });

  it("holds for a client of any capability", async () => {
    for (const scopes of [["read:users"], ["read:actions"], ["read:connections"], []]) {
      const { request, grant } = clientWith(...scopes);
      await grant();
      await proveClient(request, () => Promise.reject(new Error("refused at first")));
    }
  });
});

describe("a deployment of the clients", () => {
  it("that fails ends with what pulumi said last", async () => {
    const stdout = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join("\n");
    const pulumi: RunPulumi = () => Promise.resolve({ code: 255, stdout, stderr: "error: locked" });
    await assert.rejects(deployClients("dev", pulumi), (error: Error & { code?: string }) => {
      assert.equal(error.code, "deployment-failed");
      assert.match(error.message, /run the same command again.*line 40\nerror: locked/s);
      assert.doesNotMatch(error.message, /line 20\n/);
      return true;
    });
  });

  it("leaves everything else as it is", async () => {
    const calls: (readonly string[])[] = [];
    const pulumi: RunPulumi = (args) => {
      calls.push(args);
      return Promise.resolve({ code: 0, stdout: "", stderr: "" });
    };
    await deployClients("dev", pulumi);
    assert.deepEqual(calls[0]?.slice(-2), ["--target", "**ManagementClient**"]);
  });
});
