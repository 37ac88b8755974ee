import { decode } from "../../sim/kernel/index.ts";
import { attempt, Errno } from "../../sim/host/index.ts";
import { keyOf, pathOf, SYS } from "./settings.ts";
import type { SysctlCall } from "./sysctl.ts";

/** What is printed of a key: `key = value`, or parts of it. */
export type Shown = "names" | "values" | "bare" | "both";

/** Prints a key, or all below it; returns the number of failures. */
export async function readKeys(call: SysctlCall, word: string): Promise<number> {
  const path = word === "" ? SYS : pathOf(word);
  const { host } = call.process;
  const stat = attempt(() => host.files.stat(path, call.process));
  if (stat instanceof Errno) {
    if (call.ignore) return 0;
    await call.complain(`cannot stat ${path}: ${stat.message}`);
    return 1;
  }
  if (stat.type === "dir") {
    let failures = 0;
    for (const name of host.files.list(path, call.process).sort(byBytes))
      failures += await readKeys(call, `${path}/${name}`);
    return failures;
  }
  return readOne(call, path, (stat.mode & 0o444) !== 0);
}

async function readOne(call: SysctlCall, path: string, readable: boolean): Promise<number> {
  const key = keyOf(path);
  // Files that only can be written are passed over.
  if (!readable || (call.pattern && !call.pattern(key))) return 0;
  if (call.shown === "names") {
    await call.show(key, "");
    return 0;
  }
  const text = attempt(() => decode(call.process.host.files.read(path, call.process)));
  if (text instanceof Errno) {
    // Secrets of IPv6 addresses that nobody set are passed over, but not forgiven.
    if (text.code === "EIO") return 1;
    await call.complain(
      text.code === "EACCES" ? `permission denied on key '${key}'` : `reading key "${key}": ${text.message}`,
    );
    return 1;
  }
  const lines = text.replace(/\n$/, "").split("\n");
  for (const line of lines) await call.show(key, line);
  return 0;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
