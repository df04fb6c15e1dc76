import type { IncomingMessage, ServerResponse } from "node:http";
import { originalThrough, type LoadPicture } from "../../../cli/console/console-pictures.ts";
import { startPictureServer } from "../image/picture-server.ts";

export interface HostileHost {
  /** `https://localhost:PORT`, below it `/slow.png`, `/huge.png`, `/inward.png` and `/metadata.png`. */
  readonly origin: string;
  /** As the console loads pictures, on a network where this host's address counts as public and no other does. */
  readonly load: LoadPicture;
  /** How often the server that `/inward.png` leads to was connected to. */
  readonly inward: () => number;
  readonly stop: () => Promise<void>;
}

/** A host of pictures that answers too slowly, without end, or leads into the network of whoever asks. */
export async function startHostileHost(folder: string): Promise<HostileHost> {
  const inner = await startPictureServer(folder, (_request, response) => response.end("secret"));
  const host = await startPictureServer(folder, (request, response) => {
    answer(request, response, inner.origin);
  });
  const network = {
    lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    isAllowed: (address: string) => address === "127.0.0.1",
    ca: host.ca,
  };
  return {
    origin: host.origin,
    load: originalThrough(() => network),
    inward: inner.connections,
    stop: async () => {
      await Promise.all([host.stop(), inner.stop()]);
    },
  };
}

function answer({ url = "" }: IncomingMessage, response: ServerResponse, inner: string): void {
  if (url === "/inward.png") response.writeHead(302, { location: `${inner}/secret` }).end();
  else if (url === "/metadata.png") {
    response.writeHead(302, { location: "https://169.254.169.254/latest" }).end();
  } else if (url === "/huge.png") sendWithoutEnd(response);
  // Whatever else is asked for is never answered.
}

function sendWithoutEnd(response: ServerResponse): void {
  response.setHeader("content-type", "image/png").write("\x89PNG\r\n\x1a\n", "latin1");
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(200_000)));
  };
  response.on("drain", more);
  more();
}
