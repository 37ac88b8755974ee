import type { Process } from "../../sim/host/index.ts";
import type { Connect } from "./transport.ts";

/** What the rest of the simulation gives to kubectl. */
export interface Ports {
  readonly connect: Connect;
  /**
   * Fetches a manifest named by an URL (`-f https://…`): its text, or why there is none in Go's words. Without it such files
   * are not simulated.
   */
  readonly fetch?: (process: Process, url: string) => Promise<Fetched>;
}

/** What was got of an URL. `cut`: the connection ended before all of it had come. */
export type Fetched =
  | { readonly status: number; readonly reason: string; readonly text: string; readonly cut?: true }
  /** Where it went wrong: at the URL itself, or at where it led. */
  | { readonly error: string; readonly url: string };
