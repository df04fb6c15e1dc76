import type { Discourse } from "./discourse.ts";
import { findAccount, type DiscourseAccount } from "./discourse-account.ts";

/** The job runs within seconds on an idle forum. Each look counts against its rate limit, so they get rarer. */
const delaysMs = [1000, 2000, 4000, 8000];

/**
 * Looks at an account until it shows another avatar.
 *
 * @returns Whether it does; false after `waitMs`.
 */
export async function waitForAvatar(
  { send, clock }: Discourse,
  externalId: string,
  before: DiscourseAccount,
  waitMs: number,
): Promise<boolean> {
  const end = clock.now() + waitMs;
  for (let look = 0; ; look += 1) {
    const left = end - clock.now();
    if (left <= 0) return false;
    await clock.sleep(Math.min(left, delaysMs[look] ?? 10_000));
    const account = await findAccount(send, externalId);
    if (account?.id === before.id && account.avatarTemplate !== before.avatarTemplate) return true;
  }
}
