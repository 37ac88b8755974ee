import { attempt, Errno, errnoNumber, type DaemonProcess } from "../../host/index.ts";
import type { NginxConfig } from "./config.ts";

export function pidPath(config: NginxConfig): string {
  const path = config.main.word("pid") ?? "/run/nginx.pid";
  return path.startsWith("/") ? path : `${config.prefix}/${path}`;
}

/** A string says why it could not be written. */
export function writePid(master: DaemonProcess, config: NginxConfig): string | undefined {
  const path = pidPath(config);
  const text = `${master.host.pidOf(master.row)}\n`;
  const written = attempt(() => master.host.files.write(path, text, { mode: 0o644 }, master));
  if (!(written instanceof Errno)) return undefined;
  return `open() "${path}" failed (${errnoNumber(written.code)}: ${written.message})`;
}
