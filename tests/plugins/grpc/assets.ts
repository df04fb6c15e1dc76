import { sha256 } from "../../../lib/hash.ts";

const asset = {
  // The key and the signature by which the engine marks an asset.
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
};

/** A file as the engine sends it. */
export function fileAsset(path: string, content: string): object {
  return { ...asset, path, hash: sha256(content) };
}

/** A text as the engine sends it. */
export function stringAsset(text: string): object {
  return { ...asset, text, hash: sha256(text) };
}
