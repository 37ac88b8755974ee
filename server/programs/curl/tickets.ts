import type { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";

/** A server of TLS 1.3 sends two tickets behind the handshake; they are read with what comes next. */
export async function tellTickets(verbose: Verbose, version: CurlVersion): Promise<void> {
  for (let ticket = 0; ticket < 2; ticket++) await verbose.info("TLSv1.3 (IN), TLS handshake, Newsession Ticket (4):");
  if (!version.isAtLeast("8.6")) await verbose.info("old SSL session ID is stale, removing");
}
