import type { Process } from "../../sim/host/index.ts";
import { versionOf } from "../gnu/versions.ts";

/** Which of the programs it is: they differ in their words and in whose rules they see. */
export interface Variant {
  readonly program: string;
  readonly family: 4 | 6;
  /** The rules of nf_tables, or those of the older interface, of which there are none here. */
  readonly backend: "nf_tables" | "legacy";
}

export function versionText(process: Process, { program, backend }: Variant): string {
  return `${program} v${iptablesVersion(process)} (${backend})`;
}

export function iptablesVersion(process: Process): string {
  return versionOf(process, "iptables") || "1.8.10";
}

/** 1.8.9 alone prints protocols as numbers where addresses are, and calls a chain that is missing incompatible (bug 1729). */
export function isVersion189(process: Process): boolean {
  return iptablesVersion(process) === "1.8.9";
}
