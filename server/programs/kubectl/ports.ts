import type { Process } from "../../sim/host/index.ts";
import type { Connect } from "./transport.ts";

/** What the rest of the simulation gives to kubectl. */
export interface Ports {
  readonly connect: Connect;
  /**
   * Fetches a manifest named by an URL (`-f https://…`): its text, or why there is none in Go's words. Without it such files
   * are not simulated.
   */
  readonly fetch?: (
    process: Process,
    url: string,
  ) => Promise<{ readonly status: number; readonly text: string } | { readonly error: string }>;
}
