import type { Process } from "../../sim/host/index.ts";

/** The home directory of the user that a process runs as, which ssh goes by whatever HOME says. */
export function homeOf(process: Process): string {
  return process.host.users.byUid(process.uid)?.home ?? "/";
}

export function userNameOf(process: Process): string {
  return process.host.users.byUid(process.uid)?.name ?? String(process.uid);
}
