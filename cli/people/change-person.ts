import type { CommandReport } from "../command-report.ts";
import { changePicture, type ChangeTask } from "./change-picture.ts";
import { openPeople } from "./people.ts";

/** What a changing command does, on the stack and with the confirmation that its options give. */
export async function changePerson(
  { stack, yes }: { readonly stack?: string; readonly yes?: boolean },
  task: Omit<ChangeTask, "yes">,
): Promise<CommandReport> {
  return changePicture(await openPeople(stack, process.env), { ...task, yes });
}
