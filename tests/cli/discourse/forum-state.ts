import type { Clock } from "../../../lib/clock.ts";

export interface ForumAccount {
  readonly id: number;
  username: string;
  email: string;
  active: boolean;
  readonly staff: boolean;
  /** The picture that is shown; null for the drawn letter. */
  uploadedAvatarId: number | null;
  customUploadId: number | null;
  gravatarUploadId: number | null;
}

export interface ForumRecord {
  accountId: number;
  avatarUrl: string | undefined;
}

export interface SiteSettings {
  enable_discourse_connect: boolean;
  discourse_connect_overrides_avatar: boolean;
  auth_overrides_email: boolean;
  auth_overrides_username: boolean;
  /** Of the managed authenticators; it forbids picking avatars as well. */
  auth_overrides_avatar: boolean;
  /** Of the plugins for OpenID Connect and OAuth 2. */
  openid_connect_enabled: boolean;
  oauth2_enabled: boolean;
  oauth2_json_user_id_path: string;
  /** Ids of groups, with bars between them: 0 is everyone, 10 the first trust level. */
  uploaded_avatars_allowed_groups: string;
  authorized_extensions: string;
  max_image_size_kb: number;
  automatically_download_gravatars: boolean;
}

/** Those that browsers are not told. */
export const forAdministrators: readonly (keyof SiteSettings)[] = [
  "openid_connect_enabled",
  "oauth2_enabled",
  "oauth2_json_user_id_path",
  "uploaded_avatars_allowed_groups",
  "automatically_download_gravatars",
];

/** All that a forum keeps. Tests change and read it directly. */
export interface ForumState {
  readonly settings: SiteSettings;
  readonly accounts: ForumAccount[];
  /** By external id. */
  readonly records: Map<string, ForumRecord>;
  /** Ids of accounts by provider and the id there, as `oidc auth0|1`. */
  readonly associated: Map<string, number>;
  /** What the forum's server can fetch: contents by address. */
  readonly pictures: Map<string, string>;
  readonly addAccount: (
    account: Partial<ForumAccount> & { username: string },
    externalId?: string,
  ) => ForumAccount;
  /** The content of the picture that an account shows; undefined for the drawn letter. */
  readonly shownBy: (account: ForumAccount) => string | undefined;
  readonly hasUpload: (id: number) => boolean;
  /** The id of a picture's file: the same content has the same one, for everybody. */
  readonly upload: (content: string) => number;
  /** A job that runs once the clock has moved on by the forum's delay. */
  readonly enqueue: (job: () => void) => void;
  readonly runDueJobs: () => void;
}

export function forumState(clock: Clock, jobDelayMs: number): ForumState {
  const accounts: ForumAccount[] = [];
  const records = new Map<string, ForumRecord>();
  const contents: string[] = [];
  let jobs: { readonly at: number; readonly job: () => void }[] = [];
  const upload = (content: string) => {
    if (!contents.includes(content)) contents.push(content);
    return contents.indexOf(content) + 1;
  };
  return {
    settings: {
      enable_discourse_connect: true,
      discourse_connect_overrides_avatar: true,
      auth_overrides_email: false,
      auth_overrides_username: false,
      auth_overrides_avatar: false,
      openid_connect_enabled: false,
      oauth2_enabled: false,
      oauth2_json_user_id_path: "sub",
      uploaded_avatars_allowed_groups: "10",
      authorized_extensions: "jpg|jpeg|png|gif|heic|webp",
      max_image_size_kb: 4096,
      automatically_download_gravatars: false,
    },
    associated: new Map(),
    hasUpload: (id) => id >= 1 && id <= contents.length,
    accounts,
    records,
    pictures: new Map(),
    addAccount: (given, externalId) => {
      const account: ForumAccount = {
        id: accounts.length + 101,
        email: `${given.username}@forum.example.com`,
        active: true,
        staff: false,
        uploadedAvatarId: null,
        customUploadId: null,
        gravatarUploadId: null,
        ...given,
      };
      accounts.push(account);
      if (externalId !== undefined) records.set(externalId, { accountId: account.id, avatarUrl: undefined });
      return account;
    },
    shownBy: ({ uploadedAvatarId }) =>
      uploadedAvatarId === null ? undefined : contents[uploadedAvatarId - 1],
    upload,
    enqueue: (job) => jobs.push({ at: clock.now() + jobDelayMs, job }),
    runDueJobs: () => {
      const due = jobs.filter(({ at }) => at <= clock.now());
      jobs = jobs.filter(({ at }) => at > clock.now());
      for (const { job } of due) job();
    },
  };
}
