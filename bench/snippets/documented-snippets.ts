/**
 * The two snippets that Auth0's documentation on user pictures offers, written afresh from what they are
 * described to do. They are here to be compared with, faults included: the second throws for users without a picture,
 * and neither knows of removed or blocked pictures.
 */
export const documentedSnippets = {
  "snippet: own picture": `
exports.onExecutePostLogin = async (event, api) => {
  const { picture } = event.user.user_metadata;
  if (picture) {
    api.idToken.setCustomClaim("picture", picture);
  }
};
`,
  "snippet: default image": `
exports.onExecutePostLogin = async (event, api) => {
  const { picture } = event.user;
  if (picture.indexOf("cdn.auth0.com") > -1) {
    const url = new URL(picture);
    url.searchParams.set("d", "https://img.acme.com/default-3f2a.png");
    api.idToken.setCustomClaim("picture", url.href);
  }
};
`,
} as const;
