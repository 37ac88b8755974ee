import type { Process } from "../../../sim/host/index.ts";
import { klog } from "../client/klog.ts";
import { text } from "../cobra/flag.ts";
import type { Failure } from "../output/index.ts";

export type DryRun = "none" | "client" | "server";

export const DRY_RUN = text(
  "none, server or client. client prints what would be sent, without sending it; server lets the server answer as if, without keeping anything.",
  { initial: "none", optional: "unchanged" },
);

/** Reads `--dry-run` (kubectl pkg/cmd/util/helpers.go GetDryRunStrategy). */
export async function dryRunOf(process: Process, value: string): Promise<DryRun | Failure> {
  if (value === "client" || value === "server" || value === "none") return value;
  if (value === "unchanged") {
    await klog(process, "W", "helpers.go:703", "--dry-run is deprecated and can be replaced with --dry-run=client.");
    return "client";
  }
  if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
    return { error: `Invalid dry-run value (${value}). Must be "none", "server", or "client".` };
  const yes = /^[1tT]/.test(value);
  await klog(
    process,
    "W",
    yes ? "helpers.go:717" : "helpers.go:720",
    `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${yes ? "client" : "none"}.`,
  );
  return yes ? "client" : "none";
}

/** `created`, `created (dry run)`, `created (server dry run)` */
export function operationOf(operation: string, dryRun: DryRun): string {
  if (dryRun === "none") return operation;
  return `${operation} (${dryRun === "server" ? "server dry run" : "dry run"})`;
}
