/** libbb/human_readable.c: `243`, `1.5K`, `2.0M`. */
export function human(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < 5) [value, unit] = [value / 1024, unit + 1];
  return unit === 0 ? String(bytes) : `${value.toFixed(1)}${"KMGTP"[unit - 1]!}`;
}
