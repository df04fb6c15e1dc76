import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import sharp from "sharp";
import { startPictureServer, type PictureServer } from "../cli/image/picture-server.ts";

/** Six providers, each with its way of giving pictures or not. */
export const providerNames = ["busy", "half", "down", "huge", "private", "base64"] as const;

export type ProviderName = (typeof providerNames)[number];

/** What the stand-ins saw. */
export interface Asked {
  requests: number;
  /** Answers 200 that had a body. */
  bodies: number;
  /** The most requests that were under way at the same time. */
  atOnce: number;
  /** How many came although the host had asked to be left alone; only of `busy`. */
  tooEarly: number;
}

export interface Providers {
  readonly asked: Readonly<Record<ProviderName, Asked>>;
  /** A user's root picture. */
  readonly picture: (provider: ProviderName, n: number) => string;
  /** Whether the user ends with a copy. */
  readonly givesPicture: (provider: ProviderName, n: number) => boolean;
  readonly stop: () => Promise<void>;
}

/** What `huge` sends behind the beginning of a picture. */
const tail = Buffer.alloc(30_000_000);

/** Every so-manieth request to `busy` is one too many. */
const busyEvery = 40;

export async function startProviders(certificateFolder: string): Promise<Providers> {
  const files = await Promise.all(Array.from({ length: 6 }, noise));
  const asked = Object.fromEntries(
    providerNames.map((name) => [name, { requests: 0, bodies: 0, atOnce: 0, tooEarly: 0 }]),
  ) as Record<ProviderName, Asked>;
  const file = (n: number) => files[n % files.length] ?? Buffer.alloc(0);
  const numberIn = (url = "") => Number(/\d+/.exec(url)?.[0]);
  let quietUntil = 0;

  const send: RequestListener = (request, response) => {
    const n = numberIn(request.url);
    const etag = `"${n % files.length}"`;
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { "content-type": "image/jpeg", etag }).end(file(n));
  };
  const answers: Readonly<Record<"busy" | "half" | "huge" | "private", RequestListener>> = {
    busy: (request, response) => {
      const { requests } = asked.busy;
      if (Date.now() < quietUntil) asked.busy.tooEarly += 1;
      if (requests % busyEvery !== 0) {
        send(request, response);
        return;
      }
      quietUntil = Date.now() + 900;
      response.writeHead(429, { "retry-after": "1" }).end();
    },
    half: (request, response) => {
      if (isRefused(numberIn(request.url))) response.writeHead(403).end();
      else send(request, response);
    },
    huge: (_request, response) => {
      response.writeHead(200, { "content-type": "image/jpeg" });
      response.write(file(0));
      response.end(tail);
    },
    private: (_request, response) =>
      void response.writeHead(302, { location: "https://10.0.0.7/a.jpg" }).end(),
  };
  const servers = new Map<ProviderName, PictureServer>();
  for (const [name, answer] of Object.entries(answers)) {
    const provider = name as keyof typeof answers;
    servers.set(provider, await startPictureServer(certificateFolder, watched(asked[provider], answer)));
  }
  const closedPort = await freePort();
  const base64 = files.map((each) => each.toString("base64"));
  return {
    asked,
    picture: (provider, n) => {
      if (provider === "base64") return base64[n % base64.length] ?? "";
      return `https://localhost:${servers.get(provider)?.port ?? closedPort}/a/${n}`;
    },
    givesPicture: (provider, n) =>
      provider === "busy" || provider === "base64" || (provider === "half" && !isRefused(n)),
    stop: async () => {
      for (const server of servers.values()) await server.stop();
    },
  };
}

/** Of the users of `half`, every other one. */
function isRefused(n: number): boolean {
  return Math.floor(n / providerNames.length) % 2 === 0;
}

function watched(asked: Asked, answer: RequestListener): RequestListener {
  let underWay = 0;
  return (request, response) => {
    asked.requests += 1;
    underWay += 1;
    asked.atOnce = Math.max(asked.atOnce, underWay);
    response.once("close", () => {
      underWay -= 1;
      if (response.statusCode === 200) asked.bodies += 1;
    });
    answer(request, response);
  };
}

/** As large as those that no token can carry: some 50 kB in base64. */
async function noise(): Promise<Buffer> {
  const raw = { width: 160, height: 160, channels: 3 } as const;
  return sharp(randomBytes(raw.width * raw.height * 3), { raw })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
