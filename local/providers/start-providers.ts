import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { sha256 } from "../../lib/hash.ts";
import { parseUrl } from "../../lib/url.ts";
import type { CertificateFiles } from "../certificates/ensure-certificates.ts";
import { standIn } from "../page/stand-in.ts";

/** Google and Gravatar on this machine. */
export interface Providers {
  /** The hosts that it answers for. */
  readonly names: readonly string[];
  /** On 127.0.0.1; the certificate is that of `localhost`. */
  readonly port: number;
  readonly isDown: () => boolean;
  /** While it is down, every connection ends without an answer. */
  readonly setDown: (down: boolean) => void;
  /** A user of Entra, which gives no address but the picture itself, in base64. */
  readonly entraUser: typeof entraUser;
  readonly stop: () => Promise<void>;
}

const google = "lh3.googleusercontent.com";
const gravatar = "s.gravatar.com";

/**
 * Serves, over https, the pictures that the page draws for these hosts' addresses: to who asks for them by the host's name
 * in the header `Host`. It listens on a free port of the loopback address.
 */
export async function startProviders(certificates: CertificateFiles): Promise<Providers> {
  const [cert, key] = await Promise.all([readFile(certificates.certFile), readFile(certificates.keyFile)]);
  let isDown = false;
  const server = createServer({ cert, key }, (request, response) => {
    if (isDown) {
      request.socket.destroy();
      return;
    }
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    names: [google, gravatar],
    port,
    isDown: () => isDown,
    setDown: (down) => (isDown = down),
    entraUser,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, method, url = "" } = request;
  const address = parseUrl(`https://${headers.host ?? ""}${url}`);
  if (method !== "GET" || address === undefined || !hasPicture(address)) {
    response.writeHead(404).end();
    return;
  }
  const etag = `"${sha256(address.href).slice(0, 16)}"`;
  if (headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const png = await drawn(address.href);
  response.writeHead(200, { "content-type": "image/png", etag }).end(png);
}

/** The users with a Gravatar, by the hash of their email. */
const gravatars = new Set(["205e460b479e2e5b48aec07710c08d50"]);

/** Google has one at every address; Gravatar answers 404 to `d=404` where the user has none, and this one to everything else too. */
function hasPicture({ hostname, pathname }: URL): boolean {
  if (hostname === google) return true;
  return hostname === gravatar && gravatars.has(/^\/avatar\/([0-9a-f]+)$/.exec(pathname)?.[1] ?? "");
}

async function entraUser() {
  const picture = await drawn("https://graph.microsoft.com/v1.0/users/erna/photo");
  const about = { name: "Erna Entra", nickname: "erna", email: "erna@example.com", email_verified: true };
  return { user_id: "waad|entra", ...about, picture: picture.toString("base64") };
}

function drawn(address: string): Promise<Buffer> {
  const { html } = standIn(address).drawing;
  const size = 'width="200" height="200" viewBox="0 0 100 100"';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${html}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
