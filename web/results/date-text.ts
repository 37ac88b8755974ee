/** `22 Nov 2026, 15:35`, by the clock of whoever reads it. */
export function dateText(at: number): string {
  return new Date(at).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}
