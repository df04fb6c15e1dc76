const gravatar =
  "https://s.gravatar.com/avatar/205e460b479e2e5b48aec07710c08d50?s=480&r=pg" +
  "&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fjd.png";
const own = "https://img.acme.com/users/auth0-5f7c8ec7c33c6c004bbafe82.png";

interface UserPictures {
  readonly picture: string;
  readonly user_metadata: { readonly picture?: string };
  readonly app_metadata: { readonly picture_blocked?: boolean };
}

function login(strategy: string, user: Partial<UserPictures>): object {
  return {
    user: { user_id: `${strategy}|5f7c8ec7c33c6c004bbafe82`, user_metadata: {}, app_metadata: {}, ...user },
    connection: { id: "con_1", name: strategy, strategy },
    client: { client_id: "client", name: "An application", metadata: {} },
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["openid", "profile", "email"] },
  };
}

/** The post-login events of six kinds of user, by the picture that they come with. */
export const userKinds = {
  gravatar: login("auth0", { picture: gravatar }),
  placeholder: login("auth0", { picture: "https://cdn.auth0.com/avatars/jd.png" }),
  social: login("google-oauth2", { picture: "https://lh3.googleusercontent.com/a/abc=s96-c" }),
  own: login("auth0", { picture: gravatar, user_metadata: { picture: own } }),
  removed: login("auth0", { picture: gravatar, user_metadata: { picture: "" } }),
  blocked: login("auth0", {
    picture: gravatar,
    user_metadata: { picture: own },
    app_metadata: { picture_blocked: true },
  }),
} as const;

export type UserKind = keyof typeof userKinds;
