import { capable, type Process } from "../../sim/host/index.ts";
import { Exit } from "./exit.ts";

/**
 * May this process change its network (CAP_NET_ADMIN)? Root may on a machine, and in a container that was given the
 * capability or runs privileged.
 */
export function mayAdminNetwork(process: Process): boolean {
  return capable(process, "NET_ADMIN");
}

/** Ends the program if it may not change the network. */
export function requireAdmin(process: Process): void {
  if (!mayAdminNetwork(process)) throw new Exit(2, "RTNETLINK answers: Operation not permitted\n");
}
