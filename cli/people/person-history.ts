import type { CommandReport } from "../command-report.ts";
import type { Environment } from "../environment.ts";
import { selectedStack } from "../pulumi/selected-stack.ts";
import { findUser } from "./find-user.ts";
import { openJournal } from "./journal.ts";
import { openPeople, stackSettings } from "./people.ts";
import { showHistory } from "./show-history.ts";

/** The history of a user, for whom the tenant is asked only where no id is given: it may be of one who is gone. */
export async function personHistory(
  wanted: string,
  named: string | undefined,
  env: Environment,
): Promise<CommandReport> {
  const stack = await selectedStack(named, env);
  if (!wanted.includes("|")) {
    const people = await openPeople(stack, env);
    const { user_id: id } = await findUser(people.users, wanted);
    return showHistory(stack, people.journal, id);
  }
  const { config } = await stackSettings(stack, env);
  return showHistory(stack, openJournal(config.auth0Domain, env), wanted.trim());
}
