import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { networkOf } from "../../../cli/image/local-names.ts";
import { probeLimits, probeWithNetwork, publicNetwork } from "../../../cli/image/probe-picture-url.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { startPictureServer, type PictureServer } from "./picture-server.ts";
import { plain } from "./sample-images.ts";

const name = "lh3.googleusercontent.com";
const local = { stack: "local", config: { auth0Domain: "localhost:8443" } };

describe("the names that lead to this machine", () => {
  const folder = temporaryFolder();
  let server: PictureServer;
  let env: Record<string, string>;
  let location: string | undefined;
  let hosts: (string | undefined)[];

  beforeEach(async () => {
    const png = await plain("red").png().toBuffer();
    location = undefined;
    hosts = [];
    server = await startPictureServer(folder(), ({ headers }, response) => {
      hosts.push(headers.host);
      if (location !== undefined) response.writeHead(302, { location }).end();
      else response.setHeader("content-type", "image/png").end(png);
    });
    env = environmentWith(mapTo(join(folder(), "ca.pem")));
  });
  afterEach(() => server.stop());

  function mapTo(caFile: string): string {
    return JSON.stringify({ names: [name], port: server.port, caFile });
  }

  function environmentWith(map: string): Record<string, string> {
    const file = join(folder(), "local-names.json");
    writeFileSync(file, map);
    return { PICTURES_LOCAL_NAMES: file };
  }

  function probe(url: string, resolved = "127.0.0.1") {
    const network = networkOf({ ...local, env });
    const lookup = () => Promise.resolve([{ address: resolved, family: 4 }]);
    return probeWithNetwork(url, { ...network, lookup }, { ...probeLimits, timeoutMs: 5000 });
  }

  for (const [whose, stack] of [
    ["another stack", { ...local, stack: "prod" }],
    ["stack local of a tenant elsewhere", { ...local, config: { auth0Domain: "acme.eu.auth0.com" } }],
    [
      "a domain that only begins like this machine's",
      { ...local, config: { auth0Domain: "localhost:1.acme.com" } },
    ],
  ] as const) {
    it(`are ignored by ${whose}, even if what is set is nonsense`, () => {
      assert.equal(networkOf({ ...stack, env }), publicNetwork);
      assert.equal(networkOf({ ...stack, env: { PICTURES_LOCAL_NAMES: "/none" } }), publicNetwork);
    });
  }

  it("are none where nothing is set", () => {
    assert.equal(networkOf({ ...local, env: {} }), publicNetwork);
  });

  for (const text of ["?", "{}", '{"names":["a.example"],"port":1,"caFile":"/none"}']) {
    it(`have to be readable, not ${text}`, () => {
      assert.throws(() => networkOf({ ...local, env: environmentWith(text) }), {
        code: "local-names-invalid",
      });
    });
  }

  for (const [what, url] of [
    ["another name with a private address", "https://photos.example/a.png"],
    ["a name that ends in one of them", `https://x.${name}/a.png`],
    ["another port of one of them", `https://${name}:8443/a.png`],
    ["a private address", "https://127.0.0.1/a.png"],
    ["localhost", "https://localhost/a.png"],
  ] as const) {
    it(`do not let ${what} pass`, async () => {
      await assert.rejects(probe(url), { code: "picture-url-not-public" });
      location = url;
      await assert.rejects(probe(`https://${name}/a.png`), { code: "picture-url-not-public" });
      assert.deepEqual(hosts, [name]);
    });
  }

  it("lead to the server that the local authority vouches for, and to no other", async () => {
    const found = await probe(`https://${name}/a.png`, "10.0.0.1");
    assert.equal(found.finalUrl, `https://${name}/a.png`);
    assert.deepEqual(hosts, [name]);
    const other = join(folder(), "other");
    const stranger = await startPictureServer(other, (_request, response) => response.end());
    try {
      env = environmentWith(mapTo(join(other, "ca.pem")));
      await assert.rejects(probe(`https://${name}/a.png`), { code: "picture-url-unreachable" });
    } finally {
      await stranger.stop();
    }
  });
});
