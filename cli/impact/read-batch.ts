import { frameParts, requestKinds } from "../../sandbox/frames.ts";
import type { FrameParts } from "../../sandbox/flow-process.ts";
import type { BrokenLine, ComparisonSetup } from "./comparison.ts";
import { isInShard } from "./example-sample.ts";
import { expectations, type Expectation } from "./expectations.ts";
import type { LineBatch } from "./line-batches.ts";
import { readExportedUser, userEvents, type ExportedUser } from "./login-events.ts";

/** A batch of users that was read: what both flows are asked, and what is needed of the users to compare the answers. */
export interface ReadBatch {
  readonly lines: number;
  /** A frame for the sandbox's processes. Most of it lies in the batch's buffer. */
  readonly request: FrameParts;
  readonly users: readonly ReadUser[];
}

export interface ReadUser {
  readonly userId: string;
  readonly connection: string;
  readonly has: FieldFlags;
  /** What an application shows where no claim is set. */
  readonly rootPicture: string | null;
  readonly old: Expectation;
  readonly new: Expectation;
}

export interface FieldFlags {
  readonly identities: boolean;
  readonly user_metadata: boolean;
  readonly app_metadata: boolean;
}

/**
 * Reads batches of lines, and makes of each what the flows are asked. All that is counted stays in this process, out of reach of the
 * code that is compared. The batch's buffer is the reader's, which changes it.
 */
export function createBatchReader(setup: ComparisonSetup): (batch: LineBatch) => ReadBatch | BrokenLine {
  const userEvent = userEvents();
  const expected = expectations(setup.old.settings, setup.new.settings);
  return (batch) => {
    const users: ReadUser[] = [];
    const request = createBatchRequest(batch);
    const lines = createLines(batch);
    for (let line = lines.next(); line !== undefined; line = lines.next()) {
      if (line.text === "") {
        request.leaveOut(line);
        continue;
      }
      let user: ExportedUser;
      try {
        user = readExportedUser(line.text);
      } catch (error) {
        return { brokenLine: lines.count(), why: error instanceof Error ? error.message : String(error) };
      }
      if (setup.shard !== undefined && !isInShard(user.userId, setup.shard)) {
        request.leaveOut(line);
        continue;
      }
      const { event, circumstances, logins, profile, connection } = userEvent(user);
      users.push({
        userId: user.userId,
        connection,
        has: fieldFlags(user),
        rootPicture: shownText(user.profile["picture"]),
        ...expected(event),
      });
      request.add(line, circumstances, logins, profile === user.profile ? undefined : profile);
    }
    return { lines: lines.count(), request: request.end(), users };
  };
}

/** A line of a batch. */
interface Line {
  /** Without white space around it. */
  readonly text: string;
  /** Where it is in the buffer, with the white space. */
  readonly start: number;
  readonly end: number;
  /** Whether there is white space around it that JSON does not know. */
  readonly isPadded: boolean;
}

const lineFeed = 10;

/** Cuts a batch into its lines. */
function createLines({ buffer, length }: LineBatch): { next: () => Line | undefined; count: () => number } {
  // Once for all lines: they are cut out of the text, which costs nothing.
  const text = buffer.toString("utf8", 0, length);
  const isPlain = text.length === length;
  let [count, textStart, start] = [0, 0, 0];
  return {
    next: () => {
      if (textStart >= text.length) return undefined;
      const found = text.indexOf("\n", textStart);
      const textEnd = found === -1 ? text.length : found;
      const bytesFound = isPlain ? found : buffer.indexOf(lineFeed, start);
      const end = bytesFound === -1 || bytesFound > length ? length : bytesFound;
      const whole = text.slice(textStart, textEnd);
      const trimmed = whole.trim();
      const isPadded = trimmed.length !== whole.length && !jsonSpaceAround.test(whole);
      const line = { text: trimmed, start, end, isPadded };
      [textStart, start] = [textEnd + 1, end + 1];
      count += 1;
      return line;
    },
    count: () => count,
  };
}

const jsonSpaceAround = /^[ \t\r]*(?:\S.*\S)?[ \t\r]*$/su;

const [comma, space] = [",", " "].map((character) => character.charCodeAt(0)) as [number, number];

/** Writes the frame of a batch. Its users are the bytes of their lines, with commas between them. */
function createBatchRequest({ buffer, length }: LineBatch) {
  const circumstances = new Map<string, number>();
  const texts: string[] = [];
  let isRewritten = false;
  let logins = "";
  return {
    /** @param profile Where it is not as in the line. */
    add: (line: Line, circumstance: string, count: number, profile: object | undefined): void => {
      let index = circumstances.get(circumstance);
      if (index === undefined) circumstances.set(circumstance, (index = circumstances.size));
      if (texts.length > 0) {
        logins += ",";
        buffer[line.start - 1] = comma;
      }
      logins += `[${index},${count}]`;
      isRewritten ||= line.isPadded || profile !== undefined;
      texts.push(profile === undefined ? line.text : JSON.stringify(profile));
    },
    leaveOut: ({ start, end }: Line): void => {
      buffer.fill(space, start, end);
    },
    end: (): FrameParts =>
      frameParts(
        requestKinds.batch,
        `{"circumstances":${JSON.stringify([...circumstances.keys()])},"logins":[${logins}],"users":[`,
        isRewritten ? texts.join(",") : buffer.subarray(0, length),
        "]}",
      ),
  };
}

function fieldFlags({ profile }: ExportedUser): FieldFlags {
  return {
    identities: profile["identities"] !== undefined,
    user_metadata: profile["user_metadata"] !== undefined,
    app_metadata: profile["app_metadata"] !== undefined,
  };
}

function shownText(picture: unknown): string | null {
  return typeof picture === "string" ? picture : null;
}
