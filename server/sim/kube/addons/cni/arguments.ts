import { quote } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";

/**
 * Reads CNI_ARGS (`IgnoreUnknown=1;K8S_POD_NAME=web`) for a plugin that knows some names (pkg/types/args.go LoadArgs). Names
 * are those of Go's fields: `MAC`, `IP`.
 */
export function loadArguments(text: string, known: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  if (text === "") return values;
  const unknown: string[] = [];
  let ignore = false;
  for (const pair of text.split(";")) {
    const [name, value, ...more] = pair.split("=") as [string, string?, ...string[]];
    if (value === undefined || more.length > 0) throw new CniError(`ARGS: invalid pair ${quote(pair)}`);
    if (name === "IgnoreUnknown") ignore = readFlag(pair, value);
    else if (known.includes(name)) values[name] = value;
    else unknown.push(pair);
  }
  if (unknown.length > 0 && !ignore) throw new CniError(`ARGS: unknown args [${unknown.map(quote).join(" ")}]`);
  return values;
}

function readFlag(pair: string, value: string): boolean {
  const lower = value.toLowerCase();
  if (lower === "1" || lower === "true") return true;
  if (lower === "0" || lower === "false") return false;
  throw new CniError(
    `ARGS: error parsing value of pair ${quote(pair)}: boolean unmarshal error: invalid input ${lower})`,
  );
}
