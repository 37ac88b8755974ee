import type { Process } from "../../sim/host/index.ts";

/** From here on Ctrl-C and its like end the command with code 1 instead of by the signal (kubectl pkg/util/interrupt). */
export function exitOnInterrupt(process: Process): void {
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM", "SIGQUIT"] as const)
    process.on(signal, () => process.end({ code: 1 }));
}
