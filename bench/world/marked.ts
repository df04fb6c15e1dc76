/** The claim in which a login says which code it ran. */
export const markClaim = "https://bench.invalid/code";

const formerMark = /^[ \t]*api\.idToken\.setCustomClaim\("https:\/\/bench\.invalid\/code".*\n/gm;
const handler = /^.*onExecutePostLogin.*=> \{\n/m;

/** An Action, as its source or as it is deployed, whose logins say `mark`; a former mark goes. */
export function marked(code: string, mark: string): string {
  const marking = `  api.idToken.setCustomClaim(${JSON.stringify(markClaim)}, ${JSON.stringify(mark)});\n`;
  const result = code.replace(formerMark, "").replace(handler, (line) => line + marking);
  if (!result.includes(marking)) throw new Error("The Action's code has no place for the mark.");
  return result;
}

/** The mark of code that has one. */
export function markOf(code: string): string | undefined {
  return /^[ \t]*api\.idToken\.setCustomClaim\("https:\/\/bench\.invalid\/code", "([^"]+)"/m.exec(code)?.[1];
}
