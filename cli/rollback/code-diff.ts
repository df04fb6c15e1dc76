import { createTwoFilesPatch } from "diff";
import { sameContent, type ActionVersion } from "../actions-api/action-version.ts";

/** What a rollback changes in the code, as a unified diff, and in runtime and modules. */
export function codeDiff(name: string, from: ActionVersion, to: ActionVersion): string {
  const other = [
    ...(from.runtime === to.runtime ? [] : [`runtime: ${from.runtime} becomes ${to.runtime}`]),
    ...(modules(from) === modules(to) ? [] : [`modules: ${modules(from)} become ${modules(to)}`]),
  ];
  if (from.code === to.code) {
    const same = sameContent(from, to) ? "nothing differs" : "the code is the same";
    return [`${name}: version ${to.number} against version ${from.number}: ${same}`, ...other].join("\n");
  }
  const patch = createTwoFilesPatch(
    `${name} version ${from.number}, which runs`,
    `${name} version ${to.number}`,
    from.code,
    to.code,
    undefined,
    undefined,
    { context: 3 },
  );
  return [patch.replace(/^=+\n/, "").trimEnd(), ...other].join("\n");
}

function modules({ dependencies }: ActionVersion): string {
  return dependencies.map(({ name, version }) => `${name}@${version}`).join(", ") || "none";
}
