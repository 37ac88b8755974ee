import type { Process } from "../../sim/host/index.ts";
import { Exit } from "../ip/exit.ts";

/** Runs a program of net-tools, whose parts end it with `Exit`. */
export async function endedBy(process: Process, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    await process.error(error.says);
    return error.status;
  }
}
