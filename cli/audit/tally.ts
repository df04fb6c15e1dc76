/** How often each of many names came, in bounded memory: by Misra and Gries ("Finding repeated elements", 1982). */
export interface Tally {
  readonly add: (name: string) => void;
  /** The commonest names, most first. */
  readonly top: (most: number) => readonly Counted[];
  /** How many times any name came. */
  readonly total: () => number;
  /** By how much a count may be too low; 0 as long as there were not too many different names. */
  readonly missed: () => number;
}

export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** @param capacity Of how many different names the counts are exact. */
export function createTally(capacity: number): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  let missed = 0;
  const makeRoom = () => {
    missed += 1;
    for (const [name, count] of counts) {
      if (count === 1) counts.delete(name);
      else counts.set(name, count - 1);
    }
  };
  return {
    add: (name) => {
      total += 1;
      const count = counts.get(name);
      if (count !== undefined) counts.set(name, count + 1);
      else if (counts.size < capacity) counts.set(name, 1);
      else makeRoom();
    },
    top: (most) =>
      [...counts]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
        .slice(0, most),
    total: () => total,
    missed: () => missed,
  };
}
