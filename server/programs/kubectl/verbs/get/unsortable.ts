import type { Process } from "../../../../sim/host/index.ts";
import { klog } from "../../client/klog.ts";
import { ExitError } from "../../errors/go-error.ts";
import type { Unsortable } from "../../output/index.ts";

/** Says through klog that values cannot be compared, and ends the command (kubectl pkg/cmd/get/sorter.go). */
export async function unsortable(process: Process, { fatal, source }: Unsortable): Promise<never> {
  await klog(process, "F", source, fatal);
  throw new ExitError(1);
}
