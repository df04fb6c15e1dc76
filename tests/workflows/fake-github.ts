interface Text {
  body?: string;
  title?: string;
  state?: string;
}

interface Entry extends Text {
  readonly id: number;
  readonly number: number;
  readonly user: { readonly login: string };
}

type Listing = () => readonly Entry[];

/** As much of Octokit as the workflows' scripts use, with the comments of pull request 7 and the repository's issues. */
export interface FakeGithub {
  readonly comments: Entry[];
  readonly issues: Entry[];
  readonly rest: { readonly issues: Readonly<Record<string, (values: Text & Place) => unknown>> };
  paginate(list: Listing): Promise<readonly Entry[]>;
}

interface Place {
  readonly issue_number?: number;
  readonly comment_id?: number;
}

const robot = "github-actions[bot]";
/** GitHub refuses more. */
const longestBody = 65_536;

export function fakeGithub(): FakeGithub {
  const comments: Entry[] = [];
  const issues: Entry[] = [];
  const add = (entries: Entry[], text: Text) => {
    refuseLong(text);
    const id = comments.length + issues.length + 1;
    entries.push({ ...written(text), id, number: id, user: { login: robot } });
  };
  const change = (entry: Entry | undefined, text: Text) => {
    refuseLong(text);
    if (entry === undefined) throw new Error("404 Not Found");
    Object.assign(entry, written(text));
  };
  return {
    comments,
    issues,
    paginate: (list) => Promise.resolve(list()),
    rest: {
      issues: {
        listComments: () => comments,
        listForRepo: () => issues.filter(({ state }) => state !== "closed"),
        createComment: (text) => add(comments, text),
        updateComment: (text) =>
          change(
            comments.find(({ id }) => id === text.comment_id),
            text,
          ),
        create: (text) => add(issues, text),
        update: (text) =>
          change(
            issues.find((issue) => issue.number === text.issue_number),
            text,
          ),
      },
    },
  };
}

function refuseLong({ body = "" }: Text): void {
  if (body.length > longestBody) throw new Error("422 body is too long (maximum is 65536 characters)");
}

function written({ body, title, state }: Text): Text {
  return {
    ...(body === undefined ? {} : { body }),
    ...(title === undefined ? {} : { title }),
    ...(state === undefined ? {} : { state }),
  };
}
