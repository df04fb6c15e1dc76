import { exportUsers } from "../../auth0/jobs.ts";
import { findLinked, idsPerSearch } from "../../auth0/tenant-users.ts";
import { hasIdentity, identitiesOf, type User } from "../../auth0/user.ts";
import type { People } from "../people/people.ts";
import type { BulkChange, FirstProblems } from "./bulk-change.ts";
import type { BulkLimits } from "./bulk-run.ts";
import type { MadePlan } from "./make-plan.ts";

/** How many linked ids are named. */
const named = 5;

/**
 * The plan by primary ids. Auth0 finds a user by no other id, but files have those of identities that were linked since. They
 * are looked up together before anything is written, so that two lines of one user are found: by a few searches, or for a
 * large file by an export of nothing but the identities. Memory grows with the lines of linked ids alone.
 *
 * @param problems Where two lines turn out to be the same user's; then the plan is not to be used.
 * @throws ExpectedError `export-failed`, or `auth0-…`.
 */
export async function planByPrimaryIds(
  people: Pick<People, "access" | "users">,
  plan: MadePlan,
  limits: Pick<BulkLimits, "searchedIds">,
  problems: FirstProblems,
): Promise<MadePlan> {
  const isSmall = plan.count <= limits.searchedIds;
  const primaryOf = isSmall ? await searched(people, plan) : await exported(people, plan);
  if (primaryOf.size === 0) return plan;
  const by = isSmall ? searches(Math.ceil(plan.count / idsPerSearch)) : "an export of all users' identities";
  const links = [...primaryOf].slice(0, named).map(([id, primary]) => `${id} is linked to ${primary}`);
  const more = primaryOf.size > named ? `, and ${primaryOf.size - named} more` : "";
  const lines = primaryOf.size === 1 ? "1 line has" : `${primaryOf.size} lines have`;
  const note = `${lines} the id of a linked identity (found by ${by}): ${links.join(", ")}${more}.`;
  return { ...plan.withUsers(primaryOf, problems), notes: [...plan.notes, note] };
}

function searches(count: number): string {
  return count === 1 ? "1 search" : `${count} searches`;
}

async function searched({ users }: Pick<People, "users">, plan: MadePlan): Promise<Map<string, string>> {
  const found = await findLinked(
    users,
    [...plan.changes()].map(({ user }) => user),
  );
  return new Map([...found].filter(([id, primary]) => id !== primary));
}

async function exported({ access }: Pick<People, "access">, plan: MadePlan): Promise<Map<string, string>> {
  const primaryOf = new Map<string, string>();
  for await (const user of exportUsers(access, { fields: ["user_id", "identities"] })) {
    for (const { userId } of identitiesOf(user)) {
      if (userId !== user.user_id && plan.index.find(userId) !== undefined)
        primaryOf.set(userId, user.user_id);
    }
  }
  return primaryOf;
}

/** Whether the user is still the one whom the line names: a linked identity may have been taken away since it was looked up. */
export function isMeant({ linkedId }: BulkChange, user: User): boolean {
  return linkedId === undefined || hasIdentity(user, linkedId);
}
