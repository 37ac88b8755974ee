import type { Host, ProcessRow } from "../../sim/host/index.ts";
import { uptime as secondsUp } from "../../sim/host/index.ts";
import { calendar, pad, type Time } from "../../sim/kernel/index.ts";

/** Logins: the session leaders that have a terminal. */
export function logins(host: Host): ProcessRow[] {
  return host.machine
    .processesOf(host.name)
    .filter((row) => row.tty !== undefined && row.sid === row.pid && row.state !== "zombie");
}

/** ` 10:00:00 up 5 days,  1:02,  1 user,  load average: 0.00, 0.00, 0.00` (procps library/uptime.c). */
export function uptimeLine(host: Host, now: Time): string {
  const at = calendar(now);
  const up = Math.floor(secondsUp(host));
  const [days, hours, minutes] = [
    Math.floor(up / 86_400),
    Math.floor((up % 86_400) / 3600),
    Math.floor((up % 3600) / 60),
  ];
  const since = `${days > 0 ? `${days} day${days === 1 ? "" : "s"}, ` : ""}${hours > 0 ? `${String(hours).padStart(2)}:${pad(minutes, 2)}` : `${minutes} min`}`;
  const users = logins(host).length;
  return ` ${pad(at.hour, 2)}:${pad(at.minute, 2)}:${pad(at.second, 2)} up ${since},  ${users} user${users > 1 ? "s" : ""},  load average: ${loads(host)}`;
}

function loads(host: Host): string {
  return (host.readText("/proc/loadavg") ?? "0.00 0.00 0.00").split(" ").slice(0, 3).join(", ");
}
