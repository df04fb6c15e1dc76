/**
 * What only GNU's tools or Linux have, as it stands in a text: a command line in a document, a script or a workflow, or an array of
 * arguments in code. In the order of the text; empty where all of it works on macOS too.
 */
export function unportableCommands(text: string): readonly string[] {
  // `"ps", ["-o", "stat="` becomes `ps -o stat=`. An interpolation may have anything in it.
  const line = text.replace(/\$\{(?![\w@#!])/g, " ").replace(/[\s"'`,[\]]+/g, " ");
  const found = unportable.flatMap((pattern) => [...line.matchAll(pattern)]);
  return found.sort((a, b) => a.index - b.index).map(([match]) => match.trim());
}

/** Options that stand between a command and the one that is looked for, with their values. */
const others = String.raw`(?: -[\w-]+(?: [^-\s;|&]\S*)?)*?`;

function option(command: string, letters: string, words = ""): RegExp {
  const short = `-[A-Za-z]*[${letters}]\\w*`;
  const long = words === "" ? "" : `|--(?:${words})`;
  // `git rm --cached` is another command's own, also where a function runs git in a folder.
  return new RegExp(
    String.raw`(?<![\w./-])(?<!\b(?:git(?:\(\w+)?|npm|s3|plugin|stack) )${command}${others} (?:${short}${long})(?![\w])`,
    "g",
  );
}

/** A command that macOS does not have. With what follows it, since most are also words. */
function command(name: string, next = String.raw`[\w/$.-]+`): RegExp {
  return new RegExp(String.raw`(?<![\w./-])(?:${name}) ${next}`, "g");
}

const unportable: readonly RegExp[] = [
  option("readlink", "fem", "canonicalize[a-z-]*"),
  option("realpath", "ems", "relative-to|no-symlinks"),
  // BSD's takes the next word for the ending of a backup.
  option("sed", "irz", "in-place|regexp-extended|null-data"),
  option("stat", "c", "format|printf"),
  option("date", "dI", "date|iso-8601|rfc-3339"),
  /(?<![\w./-])date \+\S*%N/g,
  option("grep", "P", "perl-regexp"),
  option("xargs", "rda", "no-run-if-empty|delimiter|arg-file"),
  option("(?:cp|mv)", "tTu", "target-directory|parents|reflink|update|backup"),
  option("ln", "rtT", "relative"),
  option("base64", "w", "wrap"),
  option("touch", "", "date"),
  option("du", "b", "bytes|apparent-size|max-depth"),
  option("head", "", "lines|bytes"),
  /(?<![\w./-])head -[nc] ?-\d/g,
  option("tail", "", "pid|lines|bytes"),
  option("ps", "C", "ppid|sort|pid|forest|no-headers"),
  /(?<![\w./-])tar -[^;|&]{0,200}? --(?:transform|owner|group|sort|mtime|wildcards|warning|one-top-level)\b/g,
  option("mktemp", "p", "tmpdir|suffix|directory"),
  option("(?:rm|mkdir|chmod|chown|ls|cat|wc|sort)", "", "[a-z][a-z-]+"),
  option("install", "Dt", "target-directory"),
  option("netstat", "p"),
  /(?<![\w./-])find [^;|&]{0,200}? -(?:printf|regextype|executable)\b/g,
  command("sha(?:1|224|256|384|512)sum|md5sum", String.raw`(?:-c|[\w/$.-]+\.\w+)`),
  command("tac|shuf|truncate|numfmt|stdbuf|setsid|pidof|getent|flock", String.raw`(?:-[\w-]+|[/$]\S+)`),
  command("timeout", String.raw`(?:-[\w-]+ )*\d+[smh]? [a-z]`),
  command("ip", String.raw`(?:addr|link|route)\b`),
  command("ss", String.raw`-[a-z]+`),
  /\$\(nproc\)/g,
  // Of bash 4; macOS has bash 3.2.
  /(?<![\w./-])(?:mapfile|readarray) -t/g,
  /(?<![\w./-])(?:declare|local|typeset) -[A-Za-z]*A /g,
  /\$\{\w+(?:\^\^|,,)\}/g,
];
