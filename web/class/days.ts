/** A moment for people, as dates are everywhere here, in the zone of this browser, which is named: `Mon 23 Nov, 14:30 GMT+1`. */
export function dayText(at: number): string {
  return new Date(at).toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
}

/** This browser's zone, for who sets times: `Europe/Berlin, GMT+1`. */
export function zoneText(at: number): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(at);
  const short = parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
  return short === timeZone ? short : `${timeZone}, ${short}`;
}

/** A moment as `<input type="datetime-local">` has it, in the time of this machine: `2026-11-23T14:30`. */
export function localInput(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The moment that stands in such an input; null if none does. */
export function fromLocalInput(text: string): number | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}
