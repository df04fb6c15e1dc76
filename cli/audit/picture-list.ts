import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLines } from "../read-lines.ts";

/** A user's own picture that is still to be looked at. */
export interface ListedPicture {
  readonly userId: string;
  readonly url: string;
}

/**
 * A list on the disk. Its file has no name from the start, so that nothing is left behind, however the command ends:
 * it is a list of people.
 */
export interface PictureList {
  readonly add: (picture: ListedPicture) => void;
  readonly length: () => number;
  /** All of them, when no more are added. */
  readonly read: () => Generator<ListedPicture, void, undefined>;
  readonly close: () => void;
}

const bufferedCharacters = 65_536;

export function createPictureList(): PictureList {
  const file = namelessFile();
  let length = 0;
  let buffered = "";
  const flush = () => {
    writeFileSync(file, buffered);
    buffered = "";
  };
  return {
    add: ({ userId, url }) => {
      length += 1;
      buffered += `${JSON.stringify([userId, url])}\n`;
      if (buffered.length > bufferedCharacters) flush();
    },
    length: () => length,
    read: function* () {
      flush();
      for (const { text } of readLines(file)) {
        const [userId, url] = JSON.parse(text) as [string, string];
        yield { userId, url };
      }
    },
    close: () => closeSync(file),
  };
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), "auth0-user-pictures-"));
  try {
    return openSync(join(folder, "list"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
