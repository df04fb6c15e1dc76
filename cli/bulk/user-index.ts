import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readSync } from "node:fs";
import { writeAll } from "../../lib/write-all.ts";

/** Where a user's change is, and how far it is. */
export interface Slot {
  readonly position: number;
  /** In the plan's file, in bytes. */
  readonly offset: number;
  readonly state: SlotState;
}

/** `sent` may have been made or not: the run ended before Auth0's answer was known. */
export const slotStates = ["free", "open", "one-by-one", "sent", "settled"] as const;

export type SlotState = (typeof slotStates)[number];

/** Users by their id, on the disk: a million of them take no more memory than one. */
export interface UserIndex {
  /** The slot of a user who is there already; undefined where the user was added. */
  readonly add: (user: string, offset: number) => Slot | undefined;
  readonly find: (user: string) => Slot | undefined;
  /** Gives the user another offset. */
  readonly move: (slot: Slot, offset: number) => void;
  readonly setState: (slot: Slot, state: SlotState) => void;
  readonly close: () => void;
}

/** A hash's first 16 bytes, the offset in 6, the state. */
const slotBytes = 24;
const hashBytes = 16;
const offsetBytes = 6;
const stateByte = 22;

/**
 * An empty index in a new file: an open-addressing hash table that is half full at most.
 *
 * @param count How many users there will be at most.
 */
export function createUserIndex(file: string, count: number): UserIndex {
  const descriptor = openSync(file, "w+", 0o600);
  const capacity = Math.max(count, 8) * 2;
  ftruncateSync(descriptor, capacity * slotBytes);
  const bytes = Buffer.alloc(slotBytes);

  /** The user's slot, or the free one where it would be. */
  const search = (hash: Buffer): Slot => {
    for (let place = hash.readUIntBE(0, 6) % capacity; ; place = (place + 1) % capacity) {
      const position = place * slotBytes;
      readSync(descriptor, bytes, 0, slotBytes, position);
      const state = slotStates[bytes.readUInt8(stateByte)] ?? "free";
      const isTheirs = bytes.compare(hash, 0, hashBytes, 0, hashBytes) === 0;
      if (state === "free" || isTheirs)
        return { position, offset: bytes.readUIntBE(hashBytes, offsetBytes), state };
    }
  };
  return {
    add: (user, offset) => {
      const hash = hashOfUser(user);
      const slot = search(hash);
      if (slot.state !== "free") return slot;
      hash.copy(bytes, 0, 0, hashBytes);
      bytes.writeUIntBE(offset, hashBytes, offsetBytes);
      bytes.writeUInt8(slotStates.indexOf("open"), stateByte);
      writeAll(descriptor, bytes, slot.position);
      return undefined;
    },
    find: (user) => {
      const slot = search(hashOfUser(user));
      return slot.state === "free" ? undefined : slot;
    },
    move: ({ position }, offset) => {
      bytes.writeUIntBE(offset, 0, offsetBytes);
      writeAll(descriptor, bytes.subarray(0, offsetBytes), position + hashBytes);
    },
    setState: ({ position }, state) => {
      writeAll(descriptor, Buffer.from([slotStates.indexOf(state)]), position + stateByte);
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function hashOfUser(user: string): Buffer {
  return createHash("sha256").update(user).digest();
}
