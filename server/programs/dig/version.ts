import type { Process } from "../../sim/host/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { libcOf } from "../netdb/libc.ts";

/** bind's version as its programs show it. */
export function bindVersion(process: Process): string {
  const given = versionOf(process, "bind9");
  if (given !== "" && !process.host.isContainer) return given;
  if (libcOf(process.host) === "musl") return "9.18.37";
  const debian = /^ID=debian$/m.test(process.host.readText("/etc/os-release") ?? "");
  return debian ? "9.18.49-1~deb12u3-Debian" : "9.18.30-0ubuntu0.24.04.2-Ubuntu";
}
