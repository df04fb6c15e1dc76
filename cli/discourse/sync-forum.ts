import { exportUsers } from "../../auth0/jobs.ts";
import { findUser } from "../../auth0/tenant-users.ts";
import { linkedNote, type User } from "../../auth0/user.ts";
import { confirm } from "../../lib/confirm.ts";
import { term, terminalBlock, terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { visible } from "../../lib/terminal.ts";
import { exitCode, type CommandReport } from "../command.ts";
import type { People } from "../people/people.ts";
import {
  addToCounts,
  noCounts,
  requireSuccess,
  type DiscourseCounts,
  type DiscourseResult,
} from "./discourse-result.ts";
import type { DiscourseUser } from "./discourse-user.ts";
import type { Discourse } from "./discourse.ts";
import { discourseUser } from "./open-discourse.ts";
import { clearDiscourseUser, syncDiscourseUser, syncDiscourseUsers } from "./sync-discourse-user.ts";

export interface ForumTask {
  readonly people: People;
  readonly discourse: Discourse;
  readonly yes: boolean | undefined;
  /** Called for each user who failed, while the command runs. */
  readonly progress: (text: TerminalText) => void;
}

/** Makes one user's avatar what the next login shows. */
export async function syncForumUser(
  { people, discourse, yes }: ForumTask,
  wanted: string,
): Promise<CommandReport> {
  const found = await findUser(people.users, wanted);
  const user = discourseUser(people, discourse, found);
  const question = term`${whose(wanted, found)}The avatar of ${visible(user.userId)} in ${discourse.settings.url} becomes ${user.pictureUrl ?? "no picture"}. Go on?`;
  if (!(await confirm(question, { yes }))) return nothingDone(user.userId);
  return reportOne(await syncDiscourseUser(discourse, user), whose(wanted, found));
}

/** Takes one user's avatar away. */
export async function clearForumUser(
  { people, discourse, yes }: ForumTask,
  wanted: string,
): Promise<CommandReport> {
  const found = await findUser(people.users, wanted);
  const { pictureUrl: _pictureUrl, ...user } = discourseUser(people, discourse, found);
  const question = term`${whose(wanted, found)}The avatar of ${visible(user.userId)} in ${discourse.settings.url} is cleared. Go on?`;
  if (!(await confirm(question, { yes }))) return nothingDone(user.userId);
  const result = await clearDiscourseUser(discourse, user, people.settings.defaultUrl);
  return reportOne(result, whose(wanted, found));
}

function whose(wanted: string, user: User): string {
  const note = linkedNote(wanted, user);
  return note === undefined ? "" : `${note} `;
}

/** Does it for every user of the tenant, and counts. */
export async function syncForum({ people, discourse, yes, progress }: ForumTask): Promise<CommandReport> {
  const { url } = discourse.settings;
  const question = term`This replaces the avatars in ${url} of all users of ${people.access.domain} with an account there. Go on?`;
  if (!(await confirm(question, { yes }))) {
    return { text: term`Nothing was changed.`, json: { counts: noCounts } };
  }
  let counts = noCounts;
  for await (const result of syncDiscourseUsers(discourse, forumUsers(people, discourse))) {
    counts = addToCounts(counts, result);
    if (result.outcome === "failed") progress(terminalBlock(`${visible(result.userId)}: ${result.message}`));
    if (counts.total % 100 === 0) progress(term`${counts.total} users`);
  }
  return {
    exitCode: counts.outcomes.failed > 0 ? exitCode.found : exitCode.done,
    text: describeCounts(counts),
    json: { counts },
  };
}

async function* forumUsers(people: People, discourse: Discourse): AsyncGenerator<DiscourseUser> {
  for await (const user of exportUsers(people.access)) yield discourseUser(people, discourse, user);
}

function reportOne(result: DiscourseResult, whoseId: string): CommandReport {
  const { userId, message } = requireSuccess(result);
  return { text: terminalBlock(`${whoseId}${visible(userId)}: ${message}`), json: result };
}

function nothingDone(userId: string): CommandReport {
  return { text: term`Nothing was changed.`, json: { userId, outcome: "unchanged" } };
}

function describeCounts({ total, outcomes, reasons }: DiscourseCounts): TerminalText {
  const { changed, unchanged, refused, failed } = outcomes;
  return terminalLines([
    `${total} users: ${changed} changed, ${unchanged} unchanged, ${refused} refused, ${failed} failed.`,
    ...Object.entries(reasons).map(([reason, count]) => `  ${reason}: ${count}`),
  ]);
}
