import type { Names } from "./extension.ts";

/** Services that rules are most often written with. A program hands in the host's own /etc/services instead. */
const SERVICES: readonly (readonly [string, number, string])[] = [
  ["tcpmux", 1, "tcp"],
  ["ftp", 21, "tcp"],
  ["ssh", 22, "tcp"],
  ["telnet", 23, "tcp"],
  ["smtp", 25, "tcp"],
  ["domain", 53, "tcp"],
  ["domain", 53, "udp"],
  ["bootps", 67, "udp"],
  ["http", 80, "tcp"],
  ["ntp", 123, "udp"],
  ["https", 443, "tcp"],
  ["http-alt", 8080, "tcp"],
];

export const DEFAULT_NAMES: Names = {
  port: (service, protocol) => SERVICES.find(([name, , kind]) => name === service && kind === protocol)?.[1],
  service: (port, protocol) => SERVICES.find(([, number, kind]) => number === port && kind === protocol)?.[0],
};
