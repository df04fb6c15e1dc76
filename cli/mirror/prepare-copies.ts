import { availableParallelism } from "node:os";
import { sha256 } from "../../lib/hash.ts";
import { prepareUserImage, type UserImage } from "../image/prepare-user-image.ts";

/** How many prepared pictures are kept: most of those that many users share are a provider's drawings for users without one. */
const mostKept = 50;

/** Each is a process of its own, of some 100 MB. */
const atATime = Math.min(availableParallelism(), 4);

/**
 * As `prepareUserImage`, a few at a time; a picture that came lately is not prepared again.
 *
 * @throws ExpectedError `image-…`, as there.
 */
export function createPreparer(
  prepare: (file: Buffer) => Promise<UserImage> = prepareUserImage,
): (file: Buffer) => Promise<UserImage> {
  const kept = new Map<string, Promise<UserImage>>();
  const waiting: (() => void)[] = [];
  let running = 0;
  const inTurn = async (file: Buffer) => {
    if (running >= atATime) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await prepare(file);
    } finally {
      const next = waiting.shift();
      // Its place goes to the next one, or is free.
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return (file) => {
    const name = sha256(file);
    const known = kept.get(name) ?? inTurn(file);
    kept.delete(name);
    kept.set(name, known);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return known;
  };
}
