import type { UserProfile } from "../state/user-record.ts";

/** Which root claims each scope gives, as Auth0 has it. */
export const scopeClaims: Record<string, string[]> = {
  openid: ["sub"],
  profile: ["name", "given_name", "family_name", "middle_name", "nickname", "picture", "updated_at"],
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
};

/** The user's root attributes as claims; the scopes that were granted decide which of them a token gets. */
export function rootClaims(profile: UserProfile): Record<string, unknown> {
  const names = Object.values(scopeClaims).flat();
  const claims = Object.fromEntries(
    names.filter((name) => profile[name] !== undefined).map((name) => [name, profile[name]]),
  );
  const phoneVerified = profile["phone_verified"];
  return phoneVerified === undefined ? claims : { ...claims, phone_number_verified: phoneVerified };
}
