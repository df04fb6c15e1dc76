/** The Actions of the Login flow in the order in which they run. The order is behaviour: the last claim wins. */
export const actionList = [
  { name: "default-picture", entry: "actions/default-picture.ts" },
  { name: "user-picture", entry: "actions/user-picture.ts" },
] as const;

export type ActionName = (typeof actionList)[number]["name"];
