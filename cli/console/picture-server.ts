import fastify from "fastify";
import type { ConsolePictures } from "./console-pictures.ts";
import { pictureOrWords } from "./failed-picture.ts";
import { guard, hostOf } from "./guard.ts";
import { createOpaqueKeys } from "./opaque-keys.ts";
import type { Session } from "./session.ts";

export interface PictureServer {
  /** Such as `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** Where the picture that is at this URL is shown. */
  readonly addressOf: (url: string) => string;
  readonly close: () => Promise<void>;
}

/**
 * Pictures have a port of their own, a free one: a browser asks one server for six things at a time, and slow pictures would hold up the
 * decisions about others.
 */
export async function startPictureServer(
  session: Session,
  pictures: ConsolePictures,
): Promise<PictureServer> {
  const addresses = createOpaqueKeys();
  const app = fastify({ forceCloseConnections: true });
  guard(app, { session, shownBy: "cross-origin" });
  app.get<{ Params: { key: string } }>(`${session.base}/picture/:key`, async ({ params }, reply) => {
    const url = addresses.textOf(params.key);
    const picture = url === undefined ? { failed: "not known any more" } : await pictures.get(url);
    const { bytes, contentType } = pictureOrWords(picture);
    return reply.type(contentType).header("cache-control", "private, max-age=300").send(bytes);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const origin = `http://${hostOf(app)}`;
  return {
    origin,
    addressOf: (url) => `${origin}${session.base}/picture/${addresses.of(url)}`,
    close: () => app.close(),
  };
}
