/**
 * Whether the environment asks for UTF-8 (setlocale(3) with LC_CTYPE). Text is then compared by code point and quoted with
 * curly quotes, as in C.UTF-8; collation of other locales is not simulated.
 */
export function isUtf8(env: Readonly<Record<string, string>>): boolean {
  return /utf-?8/i.test(env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "");
}
