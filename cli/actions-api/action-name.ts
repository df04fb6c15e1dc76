import { closest, distance } from "fastest-levenshtein";
import { actionList, type ActionName } from "../../infra/action-list.ts";
import { UsageError } from "../usage-error.ts";

/** @throws UsageError `action-unknown`: other people's Actions are not ours to change. */
export function actionNamed(text: string): ActionName {
  const names = actionList.map(({ name }) => name);
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const nearest = closest(text, names);
  const hint = distance(text, nearest) <= 4 ? ` Did you mean ${nearest}?` : "";
  throw new UsageError("action-unknown", `${text} is none of ours: ${names.join(", ")}.${hint}`);
}
