import { exportUsers } from "../people/export-users.ts";
import { patiently } from "../management/patiently.ts";
import type { People } from "../people/people.ts";
import type { User } from "../people/user.ts";
import type { BulkChange } from "./bulk-change.ts";
import { outcomeOf, type BulkOutcome } from "./bulk-outcome.ts";
import type { BulkLimits } from "./bulk-run.ts";
import { changeOf } from "./change-of.ts";
import { importFields, takesImport } from "./import-pack.ts";
import type { MadePlan } from "./make-plan.ts";

export interface Preview {
  readonly people: People;
  readonly plan: MadePlan;
  readonly limits: BulkLimits;
}

/** What would become of each line: by one export, or by a request for each user where they are few. */
export async function* previewFile(preview: Preview): AsyncGenerator<BulkOutcome> {
  const { people, plan, limits } = preview;
  if (plan.count <= limits.oneByOne) {
    for (const bulk of plan.changes()) {
      const user = await patiently(() => people.users.get(bulk.user));
      yield user === undefined ? outcomeOf(bulk, "gone") : previewUser(preview, bulk, user, "patch");
    }
    return;
  }
  const wanted = (userId: string) => plan.index.find(userId) !== undefined;
  for await (const user of exportUsers(people.access, { more: importFields, wanted })) {
    const slot = plan.index.find(user.user_id);
    if (slot === undefined) continue;
    plan.index.setState(slot, "settled");
    yield previewUser(
      preview,
      plan.changeAt(slot),
      user,
      limits.imports && takesImport(user) ? "import" : "patch",
    );
  }
  for (const bulk of plan.changes()) {
    if (plan.index.find(bulk.user)?.state === "open") yield outcomeOf(bulk, "gone");
  }
}

function previewUser(
  { people }: Preview,
  bulk: BulkChange,
  user: User,
  via: "import" | "patch",
): BulkOutcome {
  const { change, before, after } = changeOf(people, people.now(), bulk, user);
  if (change === undefined) return outcomeOf(bulk, "unchanged", { before, after });
  return outcomeOf(bulk, "would-change", { via, before, after });
}
