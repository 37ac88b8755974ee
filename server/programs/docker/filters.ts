import { Fatal } from "./command.ts";

/** Whether something passes all filters, of which those with the same key are alternatives. Unknown keys are refused. */
export function matching(
  filters: readonly string[],
  keys: Readonly<Record<string, (value: string) => boolean>>,
): boolean {
  const byKey = new Map<string, string[]>();
  for (const filter of filters) {
    const at = filter.indexOf("=");
    if (at < 0)
      throw new Fatal(`invalid argument "${filter}" for "-f, --filter" flag: invalid filter '${filter}'`, 125);
    const key = filter.slice(0, at).trim().toLowerCase();
    if (!Object.hasOwn(keys, key)) throw new Fatal(`Error response from daemon: invalid filter '${key}'`);
    byKey.set(key, [...(byKey.get(key) ?? []), filter.slice(at + 1).trim()]);
  }
  return [...byKey].every(([key, values]) => values.some((value) => keys[key]!(value)));
}

/** `key` or `key=value` of labels. */
export function labelled(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const [key = "", value] = wanted.split(/=(.*)/s);
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}
