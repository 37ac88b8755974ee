import { strerror, type Process } from "../../sim/host/index.ts";
import { findLink, namespaceOf, setPort, type BridgeLink, type Errno, type Namespace } from "../../sim/net/index.ts";
import { mayAdminNetwork } from "../ip/permission.ts";

/** A number that brctl sets on a bridge or on one of its ports (bridge-utils brctl_cmd.c, libbridge_if.c). */
export interface Setting {
  readonly name: string;
  readonly needs: number;
  readonly usage: string;
  /** As a refused word and a refused change are called. */
  readonly word: string;
  readonly what: string;
  /** Seconds, as times are given. */
  readonly seconds?: true;
  /** Sets it; the kernel's refusal. */
  apply(ns: Namespace, bridge: BridgeLink, value: number, port: string | undefined): Errno | undefined;
}

const change =
  (key: "forwardDelay" | "helloTime" | "maxAge", least: number, most: number): Setting["apply"] =>
  (ns, bridge, seconds) => {
    const hundredths = Math.round(seconds * 100);
    if (hundredths < least || hundredths > most) return "ERANGE";
    ns.links.set(bridge.index, { ...bridge, [key]: hundredths });
    return undefined;
  };

const port =
  (key: "cost" | "priority", least: number, most: number): Setting["apply"] =>
  (ns, bridge, value, name) => {
    const link = findLink(ns, name!);
    if (!link) return "ENODEV";
    if (link.master !== bridge.index) return "ENOENT";
    if (value < least || value > most) return "ERANGE";
    setPort(ns, link.index, { [key]: value });
    return undefined;
  };

export const SETTINGS: readonly Setting[] = [
  { name: "setbridgeprio", needs: 2, usage: "<bridge> <prio>\t\tset bridge priority", word: "priority", what: "bridge priority", apply: setPriority },
  { name: "setfd", needs: 2, usage: "<bridge> <time>\t\tset bridge forward delay", word: "forward delay value", what: "forward delay", seconds: true, apply: change("forwardDelay", 0, Infinity) },
  { name: "sethello", needs: 2, usage: "<bridge> <time>\t\tset hello time", word: "hello timer value", what: "hello timer", seconds: true, apply: change("helloTime", 100, 1000) },
  { name: "setmaxage", needs: 2, usage: "<bridge> <time>\t\tset max message age", word: "max age value", what: "max age", seconds: true, apply: change("maxAge", 600, 4000) },
  { name: "setpathcost", needs: 3, usage: "<bridge> <port> <cost>\tset path cost", word: "path cost value", what: "path cost", apply: port("cost", 1, 65535) },
  { name: "setportprio", needs: 3, usage: "<bridge> <port> <prio>\tset port priority", word: "path priority value", what: "port priority", apply: port("priority", 0, 63) },
]; // prettier-ignore

function setPriority(ns: Namespace, bridge: BridgeLink, value: number): undefined {
  ns.links.set(bridge.index, { ...bridge, priority: value & 0xffff });
  return undefined;
}

/** What is wrong, or nothing. Of a number, what stands behind its digits is not looked at (sscanf). */
export function applySetting(process: Process, setting: Setting, args: readonly string[]): string | undefined {
  const ns = namespaceOf(process);
  const text = args[setting.needs - 1]!;
  const [digits] = (setting.seconds ? /^\d*\.?\d+/ : /^\d+/).exec(text) ?? [];
  if (digits === undefined) return `bad ${setting.word}`;
  const failed = (errno: Errno): string => `set ${setting.what} failed: ${strerror(errno)}`;
  const bridge = findLink(ns, args[0]!);
  if (!bridge) return failed("ENODEV");
  if (bridge.kind !== "bridge" || bridge.openvswitch) return failed("EOPNOTSUPP");
  if (!mayAdminNetwork(process)) return failed("EPERM");
  const refused = setting.apply(ns, bridge, Number(digits), setting.needs === 3 ? args[1] : undefined);
  return refused === undefined ? undefined : failed(refused);
}
