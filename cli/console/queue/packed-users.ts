import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { User } from "../../../auth0/user.ts";

/** Many users in the order in which they were added, packed: some hundred bytes each. */
export interface PackedUsers {
  /** One who is in it already is not added. */
  readonly add: (users: readonly User[]) => void;
  /** Those from one position to before another, as far as there are any. */
  readonly slice: (from: number, to: number) => readonly User[];
  readonly get: (userId: string) => User | undefined;
  readonly length: () => number;
}

/** Users packed together. */
const perPack = 100;

export function packedUsers(): PackedUsers {
  const packs: Buffer[] = [];
  let open: User[] = [];
  const positions = new Map<string, number>();

  const packOf = (index: number): readonly User[] => {
    const pack = packs[index];
    return pack === undefined ? open : (JSON.parse(inflateRawSync(pack).toString()) as readonly User[]);
  };
  const slice = (from: number, to: number): readonly User[] => {
    const users: User[] = [];
    const end = Math.min(to, positions.size);
    for (let index = Math.floor(from / perPack); index * perPack < end; index += 1) {
      const start = index * perPack;
      users.push(...packOf(index).slice(Math.max(from - start, 0), end - start));
    }
    return users;
  };
  return {
    add: (users) => {
      for (const user of users) {
        if (positions.has(user.user_id)) continue;
        positions.set(user.user_id, positions.size);
        open.push(user);
        if (open.length < perPack) continue;
        packs.push(deflateRawSync(JSON.stringify(open), { level: 1 }));
        open = [];
      }
    },
    slice,
    get: (userId) => {
      const position = positions.get(userId);
      return position === undefined ? undefined : slice(position, position + 1)[0];
    },
    length: () => positions.size,
  };
}
