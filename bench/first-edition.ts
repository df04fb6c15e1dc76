import { commitFlow, commitNamed } from "../cli/impact/commit-flow.ts";

/** The last commit with the first edition of the picture policy. */
export const firstEdition = "42a320634f03d7fb6c662b8cd129ee88401335a9";

/**
 * The code of both Actions of the first edition, built by that commit's own program.
 *
 * @param headerLike Code whose settings replace those of the commit's stack.
 * @returns undefined where the repository has no such commit, as in a shallow clone.
 */
export async function firstEditionCodes(headerLike: string): Promise<string[] | undefined> {
  if (commitNamed(firstEdition) === undefined) return undefined;
  const { actions } = await commitFlow(firstEdition, "dev", process.env);
  const settings = settingsLine.exec(headerLike)?.[0] ?? "";
  return actions.map(({ code }) => code.replace(settingsLine, () => settings));
}

const settingsLine = /^const PICTURE_SETTINGS = .*$/m;
