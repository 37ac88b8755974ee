import type { Host, JournalLine } from "../../sim/host/index.ts";
import { strftime } from "../gnu/strftime.ts";

/** `Nov 21 10:00:24 node01 kubelet[8691]: message`, as `journalctl -o short` and `systemctl status` show lines. */
export function shortEntry(line: JournalLine, host: Host, options: { hostname?: boolean; time?: string } = {}): string {
  const time = strftime(options.time ?? "%b %d %H:%M:%S", line.at);
  const lead = `${time} ${options.hostname === false ? "" : `${host.hostname} `}${line.identifier}[${line.pid}]: `;
  // Further lines of a message stand under the first.
  return lead + line.message.replaceAll("\n", `\n${" ".repeat(lead.length)}`);
}
