import { actionList } from "./action-list.ts";
import { problem, value, type Parser } from "./config-value.ts";

const choices = "first, last, before:NAME and after:NAME";

/** Config key `flowPosition`. Whether the named Action is bound, the preview finds out. */
export const flowPosition: Parser<string> = (text) => {
  if (text === "first" || text === "last") return value(text);
  const name = /^(?:before|after):(\S.*)$/s.exec(text)?.[1];
  if (name === undefined) return problem(`is none of ${choices}`, `use one of ${choices}`);
  if (actionList.some((action) => action.name === name)) {
    return problem(
      `names ${name}, which is one of this project's own Actions`,
      "name somebody else's Action",
    );
  }
  return value(text);
};

/** The name of an Action or a connection, as an item of a list. */
export const resourceName: Parser<string> = (text) =>
  /^\S(.*\S)?$/s.test(text)
    ? value(text)
    : problem("is no name", "use the name as Auth0's dashboard shows it");

/** Config key `connectionSync`. */
export const connectionSync: Parser<"on_first_login"> = (text) => {
  const remedy = "use on_first_login";
  if (text === "on_first_login") return value(text);
  if (text === "never_on_login") {
    return problem(
      "would also stop users from being created at their first login through the connection",
      remedy,
    );
  }
  if (text === "on_each_login") {
    return problem(
      "is what Auth0 does by itself, and what overwrites pictures",
      `${remedy}, or take the connections out of key connections`,
    );
  }
  return problem("is not on_first_login", remedy);
};
