import { encode } from "../../sim/kernel/index.ts";
import { attempt, Errno } from "../../sim/host/index.ts";
import type { SysctlCall } from "./sysctl.ts";

export const SYS = "/proc/sys";

/** A line `key = value`. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** `-key = value`: a failure is passed over. */
  readonly lenient: boolean;
}

/** The file of a key. If its first separator is a dot, dots and slashes change places (slashdot). */
export function pathOf(key: string): string {
  if (key.startsWith(`${SYS}/`)) return key;
  const first = /[./]/.exec(key)?.[0];
  const path = first === "." ? key.replace(/[./]/g, (sign) => (sign === "." ? "/" : ".")) : key;
  return `${SYS}/${path}`;
}

export function keyOf(path: string): string {
  return path.slice(SYS.length + 1).replace(/[./]/g, (sign) => (sign === "/" ? "." : "/"));
}

/** Undefined if the text has no `=`, or nothing before it. */
export function parseSetting(text: string): Setting | undefined {
  const line = text.trim();
  const equals = line.indexOf("=");
  if (equals <= 0) return undefined;
  const lenient = line.startsWith("-");
  return { key: line.slice(lenient ? 1 : 0, equals).trim(), value: line.slice(equals + 1).trim(), lenient };
}

/** Writes a value; returns the number of failures. */
export async function writeSetting(call: SysctlCall, setting: Setting): Promise<number> {
  const { process } = call;
  const path = pathOf(setting.key);
  const key = keyOf(path);
  const stat = attempt(() => process.host.files.stat(path, process));
  if (stat instanceof Errno) {
    if (call.ignore) return 0;
    await call.complain(`cannot stat ${path}: ${stat.message}`);
    return setting.lenient ? 0 : 1;
  }
  if (stat.type === "dir" || (stat.mode & 0o222) === 0) {
    // Of a file that only can be read the errno is one of before, and it counts as no failure.
    const why =
      stat.type === "dir" ? `"${key}" is a directory` : `setting key "${key}": ${new Errno("EINVAL").message}`;
    await call.complain(why);
    return setting.lenient || stat.type !== "dir" ? 0 : 1;
  }
  if (!call.dryRun) {
    const done = attempt(() =>
      process.host.files.write(path, encode(`${setting.value}\n`), { existing: true }, process),
    );
    if (done instanceof Errno) {
      const denied = done.code === "EACCES" || done.code === "EPERM";
      await call.complain(denied ? `permission denied on key "${key}"` : `setting key "${key}": ${done.message}`);
      return setting.lenient ? 0 : 1;
    }
  }
  await call.showSetting({ ...setting, key });
  return 0;
}
