import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { ensureCertificates } from "../../../local/certificates/ensure-certificates.ts";

export interface PictureServer {
  /** `https://localhost:PORT` */
  readonly origin: string;
  readonly port: number;
  /** PEM of the authority that vouches for it. */
  readonly ca: Buffer;
  /** How many connections there were, also such as ended before a request. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** An https server on the loopback address, its certificate in `folder`. */
export async function startPictureServer(folder: string, answer: RequestListener): Promise<PictureServer> {
  const { caFile, certFile, keyFile } = await ensureCertificates(folder);
  const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, answer);
  let connections = 0;
  server.on("connection", () => connections++);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    port,
    ca: readFileSync(caFile),
    connections: () => connections,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
