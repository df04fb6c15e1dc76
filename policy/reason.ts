/** Why a login shows the picture that it shows: the last column of the table in docs/picture-policy.md. */
export type Reason =
  | "not-asked"
  | "blocked"
  | "off"
  | "removed"
  | "user"
  | "missing"
  | "placeholder"
  | "gravatar-disabled"
  | "gravatar-never"
  | "gravatar-fallback"
  | "kept"
  | "root-refused"
  | "social-replaced";
