import { programVersion, type DaemonProcess } from "../../../host/index.ts";
import { log } from "../../components/component.ts";

/** The version of the program file that runs: `v1.33.1`. */
export function versionOf(self: DaemonProcess): string {
  const version = programVersion(self) || "1.33.1";
  return version.startsWith("v") ? version : `v${version}`;
}

export type LogValue = string | number | boolean | readonly string[];

/** A structured line of klog: `"Set sysctl" entry="net/…" value=86400`. A text of several lines stands between `<` and `>`. */
export function logLine(
  self: DaemonProcess,
  severity: "I" | "W" | "E",
  source: string,
  message: string,
  values: Readonly<Record<string, LogValue>> = {},
): void {
  const pairs = Object.entries(values).map(([key, value]) => ` ${key}=${shown(value)}`);
  log(self, severity, source, `${JSON.stringify(message)}${pairs.join("")}`);
}

/** The same at verbosity 2: with `--v=2` or more, or `logging.verbosity` in the configuration. */
export function logVerbose(
  self: DaemonProcess,
  { config }: { readonly config: { readonly verbosity: number } },
  source: string,
  message: string,
  values: Readonly<Record<string, LogValue>> = {},
): void {
  if (config.verbosity >= 2) logLine(self, "I", source, message, values);
}

function shown(value: LogValue): string {
  if (typeof value === "string")
    return value.includes("\n") ? `<\n\t${value.replaceAll("\n", "\n\t")}\n >` : JSON.stringify(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
