import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { probePictureUrl, probeWithNetwork, type ProbeLimits } from "../../../cli/image/probe-picture-url.ts";
import { isPublicAddress } from "../../../cli/image/public-network.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { startPictureServer, type PictureServer } from "./picture-server.ts";
import { plain } from "./sample-images.ts";

const limits: ProbeLimits = { timeoutMs: 60_000, maxBytes: 100_000, maxRedirects: 3 };

describe("the probe of a picture's URL", () => {
  const folder = temporaryFolder();
  let server: PictureServer;
  let png: Buffer;
  let requests: IncomingMessage[];

  const routes: Record<string, (response: ServerResponse) => unknown> = {
    "/picture.png": (response) => response.setHeader("content-type", "image/png").end(png),
    "/labelled-jpeg": (response) => response.setHeader("content-type", "image/jpeg").end(png),
    "/page": (response) => response.setHeader("content-type", "text/html").end("<html>"),
    "/octets": (response) => response.setHeader("content-type", "application/octet-stream").end(png),
    "/page-as-image": (response) => response.setHeader("content-type", "image/png").end("<html><script>"),
    "/svg": (response) => response.setHeader("content-type", "image/svg+xml").end("<svg><script/></svg>"),
    "/empty": (response) => response.setHeader("content-type", "image/png").end(),
    "/gone": (response) => response.writeHead(404, { "content-type": "image/png" }).end(png),
    "/endless": (response) => {
      response.setHeader("content-type", "image/png").write(png);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(20_000)));
      };
      response.on("drain", more);
      more();
    },
    "/silent": () => undefined,
    "/stalled": (response) => response.setHeader("content-type", "image/png").write(png),
    "/cookie": (response) =>
      response.writeHead(302, { location: "/picture.png", "set-cookie": "seen=1" }).end(),
    "/loop": (response) => response.writeHead(302, { location: "/loop" }).end(),
    "/to-http": (response) => response.writeHead(301, { location: "http://example.com/a.png" }).end(),
    "/to-loopback": (response) => response.writeHead(302, { location: "https://127.0.0.9/a.png" }).end(),
    "/to-metadata": (response) =>
      response.writeHead(302, { location: "https://169.254.169.254/latest" }).end(),
    "/to-mapped": (response) => response.writeHead(302, { location: "https://[::ffff:10.0.0.1]/" }).end(),
    "/to-password": (response) => response.writeHead(302, { location: "https://a:b@example.com/" }).end(),
    "/to-port": (response) => response.writeHead(302, { location: "https://example.com:6379/" }).end(),
    "/to-nonsense": (response) => response.writeHead(302, { location: "https://" }).end(),
    "/to-3": (response) => response.writeHead(307, { location: "/to-2" }).end(),
    "/to-2": (response) => response.writeHead(308, { location: "/to-1" }).end(),
    "/to-1": (response) => response.writeHead(303, { location: "picture.png" }).end(),
    "/to-4": (response) => response.writeHead(302, { location: "/to-3" }).end(),
  };

  beforeEach(async () => {
    png = await plain("red").png().toBuffer();
    requests = [];
    server = await startPictureServer(folder(), (request, response) => {
      requests.push(request);
      const path = request.url?.split("?")[0] ?? "";
      assert.ok(routes[path], path);
      routes[path](response);
    });
  });
  afterEach(() => server.stop());

  /** The name resolves to the addresses of the first answer, then to those of the next one; 127.0.0.1 counts as public. */
  function probe(path: string, changed: Partial<ProbeLimits> = {}, answers: string[][] = [["127.0.0.1"]]) {
    let asked = 0;
    const lookup = () => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? [];
      return Promise.resolve(answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
    };
    const isAllowed = (address: string) => address === "127.0.0.1" || isPublicAddress(address);
    return probeWithNetwork(
      `${server.origin}${path}`,
      { lookup, isAllowed, ca: server.ca },
      { ...limits, ...changed },
    );
  }

  const local = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "0x7f.1",
    "127.0.0.1.",
  ];
  const inside = [
    "10.0.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[64:ff9b::a00:1]",
  ];
  for (const host of [...local, ...inside]) {
    it(`refuses ${host}, without a connection`, async () => {
      await assert.rejects(probePictureUrl(`https://${host}:${server.port}/picture.png`), {
        name: "ExpectedError",
        code: "picture-url-not-public",
        message: /not public.*Publish/s,
      });
      assert.equal(server.connections(), 0);
    });
  }

  for (const url of [
    "http://example.com/a.png",
    "ftp://example.com",
    "https://a:b@example.com/a.png",
    "data:image/png,",
    "no",
  ]) {
    it(`refuses ${url}`, async () => {
      await assert.rejects(probePictureUrl(url), { code: "picture-url-not-https" });
    });
  }

  it("refuses a name that has a private address besides a public one", async () => {
    for (const answer of [
      ["127.0.0.1", "10.0.0.1"],
      ["::ffff:192.168.0.1", "127.0.0.1"],
    ]) {
      await assert.rejects(probe("/picture.png", {}, [answer]), { code: "picture-url-not-public" });
    }
    assert.equal(server.connections(), 0);
  });

  it("connects to what it checked: a name is looked up once for each connection", async () => {
    const found = await probe("/picture.png", {}, [["127.0.0.1"], ["127.0.0.2"]]);
    assert.equal(found.contentType, "image/png");
  });

  it("refuses a name that is public at first, and private when it redirects to itself", async () => {
    await assert.rejects(probe("/to-1", {}, [["127.0.0.1"], ["127.0.0.2"]]), {
      code: "picture-url-not-public",
    });
    assert.equal(requests.length, 1);
  });

  const redirects: Record<string, string> = {
    "/to-http": "picture-url-not-https",
    "/to-password": "picture-url-not-https",
    "/to-nonsense": "picture-url-not-https",
    "/to-loopback": "picture-url-not-public",
    "/to-metadata": "picture-url-not-public",
    "/to-mapped": "picture-url-not-public",
    "/to-port": "picture-url-not-public",
    "/loop": "picture-url-too-many-redirects",
    "/to-4": "picture-url-too-many-redirects",
  };
  for (const [path, code] of Object.entries(redirects)) {
    it(`refuses the redirect of ${path}`, async () => {
      await assert.rejects(probe(path), { code });
    });
  }

  const answers: Record<string, string> = {
    "/page": "picture-url-not-an-image",
    "/octets": "picture-url-not-an-image",
    "/page-as-image": "picture-url-not-an-image",
    "/svg": "picture-url-not-an-image",
    "/empty": "picture-url-not-an-image",
    "/gone": "picture-url-unreachable",
    "/endless": "picture-url-too-large",
  };
  for (const [path, code] of Object.entries(answers)) {
    it(`refuses the answer of ${path}`, async () => {
      await assert.rejects(probe(path), { code });
    });
  }

  for (const path of ["/silent", "/stalled"]) {
    it(`gives up on ${path}`, async () => {
      await assert.rejects(probe(path, { timeoutMs: 1500 }), {
        code: "picture-url-too-slow",
        message: /1\.5 seconds/,
      });
    });
  }

  it("gives up on a name that is never resolved", async () => {
    const network = { lookup: () => new Promise<never>(() => undefined), isAllowed: () => true };
    await assert.rejects(probeWithNetwork("https://a.example/", network, { ...limits, timeoutMs: 500 }), {
      code: "picture-url-too-slow",
    });
  });

  it("refuses a certificate that nobody vouches for", async () => {
    const lookup = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
    const probing = probeWithNetwork(
      `${server.origin}/picture.png`,
      { lookup, isAllowed: () => true },
      limits,
    );
    await assert.rejects(probing, { code: "picture-url-unreachable", message: /CERT|SIGN/ });
    assert.equal(requests.length, 0);
  });

  it("keeps what a URL may hold of keys out of its errors", async () => {
    await assert.rejects(probe("/gone?token=secret"), (error: Error) => {
      assert.match(error.message, /The picture at localhost:\d+ answers 404\. Open it/);
      assert.doesNotMatch(error.message, /secret|gone/);
      return true;
    });
  });

  it("finds a picture, also behind three redirects, and trusts its bytes more than its label", async () => {
    const { origin } = server;
    const found = { finalUrl: `${origin}/picture.png`, contentType: "image/png", bytes: png.length };
    assert.deepEqual(await probe("/picture.png"), found);
    assert.deepEqual(await probe("/to-3"), found);
    assert.deepEqual(await probe("/labelled-jpeg"), { ...found, finalUrl: `${origin}/labelled-jpeg` });
  });

  it("gives the picture itself where that is wanted", async () => {
    const { content } = await probe("/picture.png", { keepsContent: true });
    assert.deepEqual(content, png);
  });

  it("tells the server nothing, and sends no cookie back", async () => {
    await probe("/cookie");
    assert.deepEqual(
      requests.map(({ headers }) => Object.keys(headers).sort()),
      Array(2).fill(["accept", "accept-encoding", "connection", "host", "user-agent"]),
    );
  });

  it("takes no proxy from the environment", async () => {
    const proxy = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    let proxied = 0;
    proxy.on("connection", () => proxied++);
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const former = process.env["HTTPS_PROXY"];
    process.env["HTTPS_PROXY"] = url;
    try {
      await probe("/picture.png");
    } finally {
      if (former === undefined) delete process.env["HTTPS_PROXY"];
      else process.env["HTTPS_PROXY"] = former;
      proxy.close();
    }
    assert.equal(proxied, 0);
  });
});
