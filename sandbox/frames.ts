/**
 * What the processes of the sandbox and their parent say to each other, over two pipes: frames of four bytes of length, one byte
 * for the kind, and the content. The parent takes nothing that a child says on trust.
 */
export const frameHeaderBytes = 5;

/** From the parent. */
export const requestKinds = {
  /** JSON of a `LoadRequest`; the first frame, and not answered. */
  load: 1,
  /** An Action's index in one byte, then the JSON of its event. Answered with `outcome` or `crashed`. */
  run: 2,
  /** Lines of users as an export has them, cut by `batchLines`: a plain login of each. Answered with `batch` or `hanging`. */
  batch: 3,
} as const;

/** From a child. */
export const answerKinds = {
  /** It is started and closed; said once, before any code of an Action came. */
  ready: 1,
  /** JSON of an `ActionOutcome`. */
  outcome: 2,
  /** The same, of a process that is of no more use: an error came from outside of any promise. */
  crashed: 3,
  /** JSON: an array with what the login of each line came to that is not empty. */
  batch: 4,
  /** More logins of a batch did not end in time than may. */
  hanging: 5,
  /** It works on a batch and gave the processor back; said each second. */
  alive: 6,
} as const;

export type AnswerKind = (typeof answerKinds)[keyof typeof answerKinds];

/** The Actions that a process runs, and how. */
export interface LoadRequest {
  /** CommonJS with `exports.onExecutePostLogin`. */
  readonly actions: readonly { readonly name: string; readonly code: string }[];
  /** For batches. */
  readonly timeLimit: TimeLimit;
}

/** When a login of a batch is given up, and when the whole run is. */
export interface TimeLimit {
  /** For one login: whole seconds. */
  readonly seconds: number;
  /** How many logins may run into it, in one process: each costs the run as much. */
  readonly logins: number;
}

/** Auth0's limit for a whole flow. */
export const auth0TimeLimit: TimeLimit = { seconds: 20, logins: 10 };

/** What a login of a batch came to: no picture was set, a handler threw, the login was denied, or the ID token's picture. */
export type BatchOutcome =
  typeof batchOutcomes.unset | typeof batchOutcomes.threw | typeof batchOutcomes.denied | readonly [unknown];

export const batchOutcomes = { unset: 0, threw: 1, denied: 2 } as const;

export function frame(kind: number, ...contents: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(frameParts(kind, ...contents));
}

/** A frame in parts that are not copied together. */
export function frameParts(
  kind: number,
  ...contents: readonly (string | Uint8Array)[]
): readonly [Buffer, ...Uint8Array[]] {
  const parts = contents.map((content) => (typeof content === "string" ? Buffer.from(content) : content));
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUInt32LE(
    parts.reduce((sum, { length }) => sum + length, 0),
    0,
  );
  header.writeUInt8(kind, 4);
  return [header, ...parts];
}

/** Of a buffer that begins with a frame. */
export function readFrameHeader(bytes: Buffer): { readonly kind: number; readonly contentBytes: number } {
  return { kind: bytes.readUInt8(4), contentBytes: bytes.readUInt32LE(0) };
}

/** Puts a stream of bytes together to frames, and never keeps more than one of the largest size. */
export interface FrameReader {
  readonly add: (chunk: Buffer) => void;
}

/**
 * @param mostBytes How long a frame's content may be.
 * @param onFrame Called for each; the content is its receiver's.
 * @param onTooLong Called once; nothing is read afterwards.
 */
export function createFrameReader(
  mostBytes: number,
  onFrame: (kind: number, content: Buffer) => void,
  onTooLong: () => void,
): FrameReader {
  let chunks: Buffer[] = [];
  let length = 0;
  let broken = false;
  const taken = (bytes: number): Buffer => {
    const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const rest = all.subarray(bytes);
    chunks = rest.length === 0 ? [] : [rest];
    length = rest.length;
    return all.subarray(0, bytes);
  };
  /** The header, without taking it; undefined where it is not all there. */
  const header = (): Buffer | undefined => {
    if (length < frameHeaderBytes) return undefined;
    const [first] = chunks;
    if (first && first.length >= frameHeaderBytes) return first;
    chunks = [Buffer.concat(chunks)];
    return chunks[0];
  };
  return {
    add: (chunk) => {
      if (broken) return;
      chunks.push(chunk);
      length += chunk.length;
      for (let found = header(); found !== undefined; found = header()) {
        const { kind, contentBytes } = readFrameHeader(found);
        if (contentBytes > mostBytes) {
          broken = true;
          chunks = [];
          onTooLong();
          return;
        }
        if (length < frameHeaderBytes + contentBytes) return;
        onFrame(kind, taken(frameHeaderBytes + contentBytes).subarray(frameHeaderBytes));
      }
    },
  };
}
