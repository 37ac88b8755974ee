import type { Bytes } from "../../sim/kernel/index.ts";

/** Compares names by the versions in them, as `sort -V` and `ls -v` (gnulib lib/filevercmp.c). */
export function compareVersions(a: Bytes, b: Bytes): number {
  if (a === b) return 0;
  const hidden = (name: Bytes): number =>
    name === "" ? 0 : name === "." ? 1 : name === ".." ? 2 : name.startsWith(".") ? 3 : 4;
  const [ha, hb] = [hidden(a), hidden(b)];
  if (ha !== hb) return ha - hb;
  if (ha < 3) return 0;
  const [pa, pb] = [withoutSuffix(a), withoutSuffix(b)];
  return (pa === pb ? 0 : compareParts(pa, pb)) || compareParts(a, b);
}

/** Without file suffixes such as `.tar.gz`: `(\.[A-Za-z~][A-Za-z0-9~]*)*$`. */
function withoutSuffix(name: Bytes): Bytes {
  const suffix = /(?:\.[A-Za-z~][A-Za-z0-9~]*)*$/.exec(name)![0];
  return suffix.length === name.length ? name : name.slice(0, name.length - suffix.length);
}

/** Text and numbers in turn, as Debian compares versions (verrevcmp). */
function compareParts(a: Bytes, b: Bytes): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a[i]!)) || (j < b.length && !isDigit(b[j]!))) {
      const difference = order(a, i) - order(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    while (a[i] === "0") i++;
    while (b[j] === "0") j++;
    let first = 0;
    while (i < a.length && j < b.length && isDigit(a[i]!) && isDigit(b[j]!)) {
      first ||= a.charCodeAt(i) - b.charCodeAt(j);
      i++;
      j++;
    }
    if (i < a.length && isDigit(a[i]!)) return 1;
    if (j < b.length && isDigit(b[j]!)) return -1;
    if (first !== 0) return first;
  }
  return 0;
}

function order(text: Bytes, at: number): number {
  if (at >= text.length) return -1;
  const char = text[at]!;
  if (isDigit(char)) return 0;
  if (/[A-Za-z]/.test(char)) return char.charCodeAt(0);
  return char === "~" ? -2 : char.charCodeAt(0) + 256;
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}
