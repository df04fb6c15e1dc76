import type { UserProfile, UserRecord } from "../state/user.ts";

/**
 * The users by `updated_at`, the latest first; of one time by their id. Whoever holds a profile changes it in place, so the order
 * of the last call is checked each time, which is many times faster than making it anew.
 */
export function newestFirst(users: ReadonlyMap<string, UserRecord>): () => readonly UserProfile[] {
  let ordered: readonly UserProfile[] = [];
  let times: readonly string[] = [];
  return () => {
    const isSame = ordered.length === users.size && ordered.every(isAsItWas);
    if (isSame) return ordered;
    // What is nearly sorted is sorted fast.
    const known = new Set(ordered);
    const now = [...users.values()].map(({ profile }) => profile);
    const added = now.filter((profile) => !known.has(profile));
    const kept = ordered.filter((profile) => users.get(profile.user_id)?.profile === profile);
    ordered = [...added, ...kept].sort(compareNewest);
    times = ordered.map(({ updated_at: time }) => time);
    return ordered;
  };

  function isAsItWas(profile: UserProfile, index: number): boolean {
    return times[index] === profile.updated_at && users.get(profile.user_id)?.profile === profile;
  }
}

function compareNewest(one: UserProfile, other: UserProfile): number {
  return compareText(other.updated_at, one.updated_at) || compareText(one.user_id, other.user_id);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * Sorts as `sort=field:1` or `field:-1` of a search does, without changing the list. Users without the field come last.
 *
 * @param direction 1 or -1.
 */
export function sortedBy(
  users: readonly UserProfile[],
  field: string,
  direction: number,
): readonly UserProfile[] {
  const keyed = users.map((user) => ({ user, value: sortable(user[field]) }));
  keyed.sort((one, other) => {
    if (one.value === undefined || other.value === undefined)
      return Number(one.value === undefined) - Number(other.value === undefined);
    return (
      compareValues(one.value, other.value) * direction || compareText(one.user.user_id, other.user.user_id)
    );
  });
  return keyed.map(({ user }) => user);
}

function sortable(value: unknown): string | number | undefined {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function compareValues(one: string | number, other: string | number): number {
  return typeof one === "number" && typeof other === "number"
    ? one - other
    : compareText(String(one), String(other));
}
