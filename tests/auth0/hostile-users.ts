import { gzipSync } from "node:zlib";

/** A file that `--users` does not take. Whatever it holds, "jane" may not be shown. */
export interface HostileFile {
  readonly what: string;
  readonly content: Buffer;
  readonly code: "users-file-invalid" | "users-file-unreadable";
  readonly message: RegExp;
}

const good = '{"user_id":"auth0|1","name":"Zoë"}\n';
const jane = '{"user_id":"auth0|2","name":"jane"}';
const manyLines = good.repeat(20_000);

function utf16be(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

function utf32le(text: string): Buffer {
  return Buffer.concat(
    Array.from(text, (character) => Buffer.from([...Buffer.from(character, "utf16le"), 0, 0])),
  );
}

function invalid(what: string, content: string | Buffer, message: RegExp): HostileFile {
  return { what, content: Buffer.from(content as Buffer), code: "users-file-invalid", message };
}

function breakingOff(what: string, content: string | Buffer, message: RegExp): HostileFile {
  return { what, content: Buffer.from(content as Buffer), code: "users-file-unreadable", message };
}

export const hostileFiles: readonly HostileFile[] = [
  invalid("a line that is not JSON", `${good}{"user_id":"jane`, /^Line 2 of .* is not JSON\. --users takes/),
  invalid("another JSON value", `${good}\n\n"jane"\n`, /^Line 4 of .* is not a JSON object/),
  invalid("a line without user_id", `\n${good}{"email":"jane@acme.com"}\n`, /^Line 3 of .* has no user_id/),
  invalid("an id that is a number", '{"user_id":1}', /^Line 1 of .* has no user_id/),
  invalid("an empty id", '{"user_id":""}', /^Line 1 of .* has no user_id/),
  invalid("an id of the prototype alone", '{"__proto__":{"user_id":"jane"}}', /^Line 1 of .* has no user_id/),
  invalid("one user over many lines", JSON.stringify({ user_id: "jane" }, null, 2), /^Line 1 of .* not JSON/),
  invalid("nothing but NUL", Buffer.alloc(100_000), /^Line 1 of .* is not JSON/),
  invalid("two faulty lines", `${good}jane\n${manyLines}\xff\n`, /^Line 2 of .* is not JSON/),
  invalid(
    "a faulty line right before one that is not UTF-8",
    latin1(`jane\n{"user_id":"Zoë"}\n`),
    /^Line 1 of/,
  ),

  invalid("UTF-32", utf32le(`\uFEFF${jane}`), /^Line 1 of .* is UTF-32LE\. Convert .*iconv -f UTF-32LE/),
  invalid("UTF-32 without a mark", utf32le(jane), / is UTF-32LE\. /),
  invalid(
    "UTF-16 with half of a character",
    Buffer.from(`${good}${jane.replace("jane", "jane\uD83D!")}`, "utf16le"),
    /^Line 2 of .* is not UTF-16LE: it holds half of a character/,
  ),
  invalid(
    "UTF-16 that breaks off in a character",
    Buffer.from(`${good}{"user_id":"jane`, "utf16le").subarray(0, -1),
    /^Line 2 of .* (is not JSON|breaks off in the middle of a character)/,
  ),
  invalid("no user, in UTF-16", utf16be(`\uFEFF[${jane}, 7]`), /^User 2 of .* is not a JSON object/),

  invalid(
    "Latin-1",
    latin1(`${manyLines.replaceAll("ë", "e")}{"user_id":"jane","name":"Zoë"}\n`),
    /^Line 20001 of .* is not UTF-8; it looks like Latin-1 \(ISO-8859-1\)\. .*iconv -f WINDOWS-1252 -t UTF-8/,
  ),
  invalid(
    "windows-1252 in a file of UTF-8",
    Buffer.concat([
      Buffer.from(good),
      latin1('{"user_id":"jane","name":"\x93Zo\xeb\x94"}\n'),
      Buffer.from(good),
    ]),
    /^Line 2 of .* is not UTF-8; it looks like windows-1252\./,
  ),
  invalid("half a surrogate pair", latin1('{"user_id":"\xed\xa0\x80"}'), /^Line 1 of .* is not UTF-8/),
  invalid("an overlong character", latin1('{"user_id":"\xc0\xaf"}\n'), /^Line 1 of .* is not UTF-8/),
  invalid(
    "a character cut off by the line's end",
    latin1('{"user_id":"\xe2\x82\n'),
    /^Line 1 of .* is not UTF-8/,
  ),
  invalid(
    "a file packed twice",
    gzipSync(gzipSync(jane)),
    /^Line 1 of .* looks like no text at all\. .*unpack it first/,
  ),
  invalid(
    "a zip file",
    Buffer.from("504b0304140008080800fffe".repeat(900), "hex"),
    /^Line 1 of .* looks like no text at all/,
  ),

  invalid("an array of other things", `[${jane}, 7]`, /^User 2 of .* is not a JSON object/),
  invalid("an array in an array", `[[${jane}]]`, /^User 1 of .* is not a JSON object/),
  invalid("an array without commas", `[${jane} ${jane}]`, /^User 1 of .* is not JSON/),
  invalid("an array with wrong brackets", `[${jane.replace("}", "]")}]`, /^User 1 of .* is not JSON/),
  invalid("an array with a bracket too many", `[${jane}}]`, /^User 1 of .* is not JSON/),
  invalid("a line break within an array's text", `[{"user_id":"ja\nne"}]`, /^User 1 of .* is not JSON/),
  invalid(
    "JSON lines after an array",
    `[${jane}]\n${good}`,
    / holds something else after its array of users\. --users/,
  ),
  invalid(
    "an array that is not UTF-8",
    latin1('[{"user_id":"a"},\n\n{"user_id":"Zoë"}]'),
    /^User 2 of .* is not UTF-8/,
  ),
  breakingOff("an array that breaks off between users", `[${jane},\n`, / its array of users breaks off\. /),
  breakingOff(
    "an array that breaks off in a user",
    `[${jane},{"user_id":"ja`,
    / its array of users breaks off/,
  ),
  breakingOff("nothing but an array's beginning", "[", / its array of users breaks off/),

  breakingOff(
    "a packed file that breaks off",
    gzipSync(manyLines).subarray(0, 200),
    /unexpected end of file/,
  ),
  breakingOff("a packed file's first bytes", gzipSync(jane).subarray(0, 4), /cannot be read: /),
  breakingOff("a packed file that is damaged", damaged(gzipSync(manyLines)), /cannot be read: /),
  breakingOff(
    "a character that breaks off",
    Buffer.from(`${good}{"name":"Zoë`).subarray(0, -1),
    /middle of a character/,
  ),
];

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Its checksum does not fit. */
function damaged(packed: Buffer): Buffer {
  return packed.fill(0x55, packed.length - 8);
}

/** A file that is taken, with the ids in it. */
export const odderFiles: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
  ["nothing", "", []],
  ["one byte", "\n", []],
  ["nothing, packed", gzipSync(""), []],
  ["nothing but white space and marks", " \n\uFEFF\r\n\t", []],
  [
    "lines that end as on Windows, after a mark",
    `\uFEFF${good.replace("\n", "\r\n")}\r\n${jane}`,
    ["auth0|1", "auth0|2"],
  ],
  [
    "marks before each line, from files put together",
    `\uFEFF\uFEFF ${good}\uFEFF${jane}\n`,
    ["auth0|1", "auth0|2"],
  ],
  [
    "files packed one by one and put together",
    Buffer.concat([gzipSync(good), gzipSync(jane)]),
    ["auth0|1", "auth0|2"],
  ],
  ["UTF-16 with a byte order mark", Buffer.from(`\uFEFF${good}${jane}`, "utf16le"), ["auth0|1", "auth0|2"]],
  ["UTF-16 without one", Buffer.from(jane, "utf16le"), ["auth0|2"]],
  ["big-endian UTF-16 with a mark", utf16be(`\uFEFF${jane}`), ["auth0|2"]],
  ["big-endian UTF-16 without one, as an array", utf16be(`[${jane}]`), ["auth0|2"]],
  ["packed UTF-16", gzipSync(Buffer.from(`\uFEFF${jane}`, "utf16le")), ["auth0|2"]],
  ["nothing but UTF-16's mark", Buffer.from([0xff, 0xfe]), []],
  [
    "UTF-16 with characters of two halves",
    Buffer.from('{"user_id":"😀1"}\n{"user_id":"😀2"}', "utf16le"),
    ["😀1", "😀2"],
  ],
  ["an array on one line", `[${good},${jane}]`, ["auth0|1", "auth0|2"]],
  ["an array, packed", gzipSync(`[${jane}]`), ["auth0|2"]],
  ["an array after white space and a mark", ` \n\uFEFF\n [${jane}]\n`, ["auth0|2"]],
  [
    "an array over many lines",
    JSON.stringify([{ user_id: "a", x: [1, [2]] }, { user_id: 'b"],[\\' }], null, 2),
    ["a", 'b"],[\\'],
  ],
  ["arrays put together", `[${good}]\n[]\uFEFF[${jane}]`, ["auth0|1", "auth0|2"]],
  ["an empty array", "[ ]", []],
];
