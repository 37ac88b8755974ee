/** `06:41`, from an hour on `1:06:41`; overtime `+02:10`. Whole seconds, rounded up while time is left. */
export function clockText(ms: number): string {
  const left = ms > 0 ? Math.ceil(ms / 1000) : Math.floor(-ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (part: number): string => String(part).padStart(2, "0");
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
  return ms <= -1000 ? `+${text}` : text;
}

/** How long something takes or took, in words: `40 s`, `6 min`, `1 h 30 min`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is left, for screen readers: `6 minutes 41 seconds left`, `2 minutes over`. */
export function clockWords(ms: number): string {
  const seconds = Math.abs(Math.ceil(ms / 1000));
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ] as const;
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  if (words.length === 0) return "No time left";
  return `${words.join(" ")} ${ms > 0 ? "left" : "over"}`;
}

/** How long ago, in words: `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function agoText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return `${days} day${days === 1 ? "" : "s"} ago`;
}
