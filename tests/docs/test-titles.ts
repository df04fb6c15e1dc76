/**
 * The texts in quotes of a test's source, in which its titles are, and the cases that titles are made of. In a template, `${…}` stays
 * as it is.
 */
export function literalsOf(source: string): readonly string[] {
  const code = source.replace(/^\s*(?:\/\/|\/?\*).*$/gm, "");
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, double, single, template]) => double ?? single ?? template ?? "",
  );
}
