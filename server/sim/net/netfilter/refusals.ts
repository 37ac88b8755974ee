import { strerror } from "../../host/index.ts";
import type { Errno } from "../errno.ts";
import type { Problem } from "./row.ts";

/** What iptables says of a kernel that refuses, by nf_tables. */
export function kernelRefusal(operation: string, errno: Errno, name: string, what: string): Problem {
  return { problem: "kernel", errno, text: ` ${operation} failed (${strerror(errno)}): ${what} ${name}` };
}

/** What iptc_strerror makes of an error (libiptc.c); circles have another one there. */
export function legacyRefusal(errno: Errno): Problem {
  if (errno === "EMLINK")
    return { problem: "other", text: "Too many levels of symbolic links.", refusedByKernel: true };
  return { problem: "other", text: `${strerror(errno)}. Run \`dmesg' for more information.`, refusedByKernel: true };
}
