import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import { createPoliteQueue } from "../../lib/polite-queue.ts";
import { projectRoot } from "../../lib/project.ts";
import { parseUrl } from "../../lib/url.ts";
import { originalLimits } from "../image/image-format.ts";
import { networkOf } from "../image/local-names.ts";
import { prepareUserImage } from "../image/prepare-user-image.ts";
import { probeLimits, probeWithNetwork } from "../image/probe-picture-url.ts";
import type { ProbeNetwork } from "../image/public-network.ts";
import { storeLocation } from "../people/own-files.ts";
import type { People } from "../people/people.ts";
import { s3Client, s3Endpoint } from "../storage/aws-clients.ts";
import { objectKey } from "../storage/picture-addresses.ts";

/** A picture that is safe to show, or why there is none, in words. */
export type ConsolePicture =
  { readonly bytes: Buffer; readonly contentType: string } | { readonly failed: string };

/**
 * Pictures as the console shows them: fetched by the console and encoded again from their pixels, so that no host learns who
 * looks, and no file of a stranger reaches the browser.
 */
export interface ConsolePictures {
  /** Never rejects. What was fetched within the last minutes is not fetched again. */
  readonly get: (url: string) => Promise<ConsolePicture>;
  /** Begins to fetch what will be shown soon, unless much else is to be fetched first. */
  readonly prefetch: (urls: Iterable<string>) => void;
}

export type LoadPicture = (people: People, url: string) => Promise<Buffer>;

/** Of a picture, redirects included: a hostile host does not keep a moderator waiting for longer. */
const limits = { ...probeLimits, timeoutMs: 8_000, maxBytes: originalLimits.bytes, keepsContent: true };

/** Pictures that are kept, and for how long, in milliseconds; what failed may work a moment later. */
const kept = { pictures: 600, ms: 15 * 60_000, failedMs: 20_000 };

/** How many are fetched and decoded at a time: of all hosts together, and of one. */
const atOnce = { atATime: 4, perHost: 2, waiting: Number.POSITIVE_INFINITY };

/** With so many on their way, none is fetched for later. */
const mostAhead = 72;

interface Kept {
  readonly picture: Promise<ConsolePicture>;
  until: number;
}

/** @param load Gets the file behind an address, by default as `pictures set` fetches it. */
export function createConsolePictures(
  people: () => Promise<People>,
  load: LoadPicture = originalThrough(networkOf),
): ConsolePictures {
  const cache = new Map<string, Kept>();
  const queue = createPoliteQueue(atOnce);
  let waiting = 0;
  /** In its turn: one host does not hold up the others. */
  const inTurn = (url: string): Promise<ConsolePicture> =>
    new Promise((resolve) => {
      const work = async () => {
        resolve(
          await people()
            .then(async (current) => encoded(await load(current, url)))
            .catch(failure),
        );
      };
      void queue.add(parseUrl(url)?.host ?? "", work);
    });
  const get = (url: string): Promise<ConsolePicture> => {
    const found = cache.get(url);
    if (found !== undefined && Date.now() < found.until) return found.picture;
    const made: Kept = {
      picture: inTurn(url),
      until: Number.POSITIVE_INFINITY,
    };
    cache.delete(url);
    cache.set(url, made);
    waiting += 1;
    void made.picture.then((picture) => {
      waiting -= 1;
      made.until = Date.now() + ("failed" in picture ? kept.failedMs : kept.ms);
    });
    for (const oldest of cache.keys()) {
      if (cache.size <= kept.pictures) break;
      cache.delete(oldest);
    }
    return made.picture;
  };
  return {
    get,
    prefetch: (urls) => {
      for (const url of urls) if (waiting < mostAhead) void get(url);
    },
  };
}

function failure(error: unknown): ConsolePicture {
  return { failed: error instanceof ExpectedError ? error.message : "The picture cannot be shown." };
}

async function encoded(file: Buffer): Promise<ConsolePicture> {
  const { bytes, contentType } = await prepareUserImage(file);
  return { bytes, contentType };
}

/** The file as its host sends it: of the stack's own bucket, of the project, or of any host on this network. */
export function originalThrough(networkFor: (people: People) => ProbeNetwork): LoadPicture {
  return (people, url) => original(people, url, networkFor);
}

async function original(
  people: People,
  url: string,
  networkFor: (people: People) => ProbeNetwork,
): Promise<Buffer> {
  const { config, settings, env } = people;
  if (url === settings.defaultUrl) return readFile(resolve(projectRoot, config.defaultImage));
  const key = objectKey(url, storeLocation(people));
  // A server in the place of AWS's need not be at a public address.
  if (key !== undefined && s3Endpoint(env) !== undefined) return fromBucket(people, key);
  if (parseUrl(url)?.protocol !== "https:") {
    throw new ExpectedError("picture-not-fetched", "This is no https address, so it is not fetched.");
  }
  const { content } = await probeWithNetwork(url, networkFor(people), limits);
  return content ?? Buffer.alloc(0);
}

async function fromBucket({ config, env }: People, key: string): Promise<Buffer> {
  const s3 = s3Client(config.awsRegion, env);
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: config.imageBucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (cause) {
    const message = "The stack's bucket does not give this file: it is not there, or may not be read.";
    throw new ExpectedError("picture-not-in-bucket", message, { cause });
  } finally {
    s3.destroy();
  }
}
