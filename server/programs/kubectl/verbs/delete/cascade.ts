import type { Process } from "../../../../sim/host/index.ts";
import type { Failure } from "../../output/index.ts";

export type PropagationPolicy = "Background" | "Foreground" | "Orphan";

const POLICIES: Readonly<Record<string, PropagationPolicy>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

/** Reads `--cascade` (kubectl pkg/cmd/util/helpers.go GetCascadingStrategy). */
export async function cascadeOf(process: Process, value: string): Promise<PropagationPolicy | Failure> {
  const policy = POLICIES[value];
  if (policy) return policy;
  if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
    return { error: `invalid cascade value (${value}). Must be "background", "foreground", or "orphan"` };
  const yes = /^[1tT]/.test(value);
  await process.error(
    `warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${yes ? "background" : "orphan"}.\n`,
  );
  return yes ? "Background" : "Orphan";
}
