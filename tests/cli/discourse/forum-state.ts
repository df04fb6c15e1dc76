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
}

/** All that a forum keeps. Tests change and read it directly. */
export interface ForumState {
  readonly settings: SiteSettings;
  readonly accounts: ForumAccount[];
  /** By external id. */
  readonly records: Map<string, ForumRecord>;
  /** What the forum's server can fetch: contents by address. */
  readonly pictures: Map<string, string>;
  readonly addAccount: (
    account: Partial<ForumAccount> & { username: string },
    externalId?: string,
  ) => ForumAccount;
  /** The content of the picture that an account shows; undefined for the drawn letter. */
  readonly shownBy: (account: ForumAccount) => string | undefined;
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
    },
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
