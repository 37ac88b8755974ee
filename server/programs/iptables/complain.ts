import type { Process } from "../../sim/host/index.ts";
import type { Problem } from "../../sim/net/index.ts";
import { versionText, type Variant } from "./variant.ts";

/** What the program says and its exit status (iptables/xtables.c, nft.c: nft_strerror, xshared.c: xtables_error). */
export interface Complaint {
  readonly text: string;
  readonly status: number;
}

export function complaint(process: Process, variant: Variant, problem: Problem): Complaint {
  const { program } = variant;
  if (problem.unsimulated !== undefined)
    return { text: `drydock: ${program}: '${problem.unsimulated}' is not simulated\n`, status: 64 };
  switch (problem.problem) {
    case "parameter":
      return { text: `${versionText(process, variant)}: ${problem.text}\n${hint(program)}`, status: 2 };
    case "argument":
      return { text: `${problem.text}\n${hint(program)}`, status: 2 };
    case "kernel":
      return { text: `${versionText(process, variant)}: ${problem.text}\n`, status: 4 };
    default:
      return { text: `${program}: ${problem.text}\n`, status: 1 };
  }
}

export function hint(program: string): string {
  return `Try \`${program} -h' or '${program} --help' for more information.\n`;
}

/** Nobody but root may look at rules, let alone change them. */
export function notPermitted(process: Process, variant: Variant): Complaint {
  if (variant.backend === "nf_tables") {
    const why = "Could not fetch rule set generation id: Permission denied (you must be root)";
    return { text: `${versionText(process, variant)}: ${why}\n`, status: 4 };
  }
  return { text: "Fatal: can't open lock file /run/xtables.lock: Permission denied\n", status: 4 };
}
