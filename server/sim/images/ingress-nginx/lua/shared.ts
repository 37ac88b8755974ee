import type { DaemonProcess } from "../../../host/index.ts";
import { masterData, type MasterData } from "../../nginx/running.ts";

/** What the master's workers share: `lua_shared_dict`s, by `dict/key`. */
export function sharedValue(master: DaemonProcess, key: string): string | undefined {
  return masterData(master)?.shared?.[key];
}

export function setShared(master: DaemonProcess, values: Readonly<Record<string, string>>): void {
  const data = masterData(master);
  if (data) master.data = { ...data, shared: { ...data.shared, ...values } } satisfies MasterData;
}

const parsed = new Map<string, unknown>();
const KEPT = 32;

/** What a JSON text says; made once for each text. */
export function parsedJson<T>(text: string): T {
  if (!parsed.has(text)) {
    if (parsed.size >= KEPT) parsed.delete(parsed.keys().next().value!);
    parsed.set(text, JSON.parse(text));
  }
  return parsed.get(text) as T;
}
