import type { SeedUser } from "../tenant/state/new-user.ts";

/** The users of a fresh local world: one for each thing that can happen to a picture. */
export function seededUsers(ownPictureUrl: string): readonly SeedUser[] {
  const gravatar = (hash: string, initials: string) =>
    `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(placeholder(initials))}`;
  return [
    {
      ...person("auth0|gravatar", "Grace Gravatar"),
      picture: gravatar("205e460b479e2e5b48aec07710c08d50", "gr"),
    },
    // Without user_metadata, as most users are.
    { ...person("auth0|placeholder", "Paul Placeholder"), picture: placeholder("pa") },
    {
      ...person("google-oauth2|social", "Sofia Social"),
      picture: "https://lh3.googleusercontent.com/a/sofia=s96-c",
    },
    {
      ...person("auth0|own-picture", "Olga Own-Picture"),
      picture: gravatar("0bc83cb571cd1c50ba6f3e8a78ef1346", "ol"),
      user_metadata: { picture: ownPictureUrl },
    },
    {
      ...person("google-oauth2|removed", "Remi Removed"),
      picture: "https://lh3.googleusercontent.com/a/remi=s96-c",
      user_metadata: { picture: "" },
    },
    {
      ...person("auth0|blocked", "Boris Blocked"),
      picture: placeholder("bo"),
      user_metadata: { picture: ownPictureUrl },
      app_metadata: { picture_blocked: true },
    },
    // Wrote a root picture at sign-up that no policy allows, and linked a Google account later.
    {
      ...person("auth0|linked", "Lina Linked"),
      picture: "https://photos.lan/lina.png",
      identities: [
        { provider: "auth0", user_id: "linked" },
        {
          provider: "google-oauth2",
          user_id: "lina",
          profileData: { name: "Lina", email: "lina@example.com" },
        },
      ],
    },
  ];
}

function person(userId: string, name: string): SeedUser {
  const nickname = userId.slice(userId.indexOf("|") + 1);
  return { user_id: userId, name, nickname, email: `${nickname}@example.com`, email_verified: true };
}

function placeholder(initials: string): string {
  return `https://cdn.auth0.com/avatars/${initials}.png`;
}
