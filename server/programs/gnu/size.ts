const POWERS = "KMGTPEZY";

/** The suffixes that head, tail, split and dd take: `b` is 512, `K` and `KiB` 1024, `kB` and `KB` 1000. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*\+?(\d+)(?:(b)|([kKMGTPEZY])(iB|B)?)?$/.exec(text);
  if (!match) return undefined;
  const count = Number(match[1]);
  if (match[2] === "b") return count * 512;
  if (match[3] === undefined) return count;
  return count * (match[4] === "B" ? 1000 : 1024) ** (POWERS.indexOf(match[3].toUpperCase()) + 1);
}

/** `1.1K`, `23M`: at most three digits, rounded up, as `ls -h`, `du -h` and `df -h` print sizes (gnulib human.c). */
export function humanSize(bytes: number, base: 1000 | 1024 = 1024): string {
  if (bytes < base) return String(bytes);
  let value = bytes;
  let power = -1;
  while (value >= base && power < POWERS.length - 1) {
    value /= base;
    power++;
  }
  let text =
    value < 10
      ? (Math.ceil(Number((value * 10).toFixed(9))) / 10).toFixed(1)
      : String(Math.ceil(Number(value.toFixed(9))));
  if (text === "10.0") text = "10";
  if (Number(text) >= base && power < POWERS.length - 1) {
    text = "1.0";
    power++;
  }
  return `${text}${base === 1000 && power === 0 ? "k" : POWERS[power]!}`;
}
