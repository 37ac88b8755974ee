import type { Host } from "../../sim/host/index.ts";

/** The version that apt tells of itself, by the distribution. */
export function aptVersion(host: Host): string {
  return /^ID=ubuntu$/m.test(host.readText("/etc/os-release") ?? "") ? "2.7.14" : "2.6.1";
}
