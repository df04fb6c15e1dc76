import assert from "node:assert/strict";
import { proveClient } from "../../../cli/rotate/prove-client.ts";
import { setupTenant } from "../../local/tenant/setup-tenant.ts";
import { trustedFetch } from "../../trusted-fetch.ts";

describe("the proof that a client works", () => {
  const setup = setupTenant();
  let trusted: ReturnType<typeof trustedFetch>;

  beforeEach(() => {
    trusted = trustedFetch(setup().certificates.caFile);
  });
  afterEach(() => trusted.restore());

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
