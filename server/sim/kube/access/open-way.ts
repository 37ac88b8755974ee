import { MINUTE, type Duration, type Kernel, type Table, type Time } from "../../kernel/index.ts";
import type { ProcessRow } from "../../host/index.ts";
import type { ConnectResult, Namespace, Trace } from "../../net/index.ts";

/**
 * The way of a connection that was open. It stays open while nothing of the networks that its packets cross is changed and
 * the process at its end lives: what else happens in the world cannot close it. Plain data.
 */
export interface OpenWay {
  /** Areas of the state (State.generation) that it leads through. */
  readonly areas: readonly string[];
  readonly server: { readonly machine: string; readonly pid: number } | null;
  /** The generations of the areas, and how the server's process was. */
  readonly stamp: string;
  readonly at: Time;
}

/** However still everything is, a way is walked again after this time: certificates end. */
const TRUSTED: Duration = MINUTE;

/** The time to live of a packet as Linux sends it, unless it was told otherwise (net.ipv4.ip_default_ttl). */
const UNFORWARDED = 64;

/** The way of a connection that was opened just now; undefined if it was not. */
export function openWay(ns: Namespace, { outcome, trace }: ConnectResult): OpenWay | undefined {
  return outcome === "connected" && trace ? wayOf(ns, trace) : undefined;
}

/** The way that a packet took to a connection's other end just now. */
export function wayOf(ns: Namespace, { delivery: end }: Trace): OpenWay | undefined {
  if (!end) return undefined;
  const pid = (end.connection ?? end.socket)?.pid;
  const way = { areas: areasOf(ns, end), server: pid === undefined ? null : { machine: end.ns.machine, pid } };
  return { ...way, stamp: stampOf(ns.kernel, way), at: ns.kernel.now };
}

/** Whether nothing has happened to it since. */
export function isStill(kernel: Kernel, way: OpenWay): boolean {
  return kernel.now - way.at < TRUSTED && way.stamp === stampOf(kernel, way);
}

/** A packet that no router has forwarded crosses its two ends, and a segment between their machines, if they are two. */
function areasOf(ns: Namespace, { ns: end, packet }: NonNullable<Trace["delivery"]>): readonly string[] {
  if (packet.ttl !== UNFORWARDED) return ["net"];
  const ends = [...new Set([`net/${ns.id}`, `net/${end.id}`])];
  return ns.machine === end.machine ? ends : [...ends, "net/segments", "net/machines"];
}

function stampOf({ state }: Kernel, { areas, server }: Pick<OpenWay, "areas" | "server">): string {
  const processes: Table<number, ProcessRow> | undefined = server
    ? state.table(`processes/${server.machine}`)
    : undefined;
  const process = processes?.get(server!.pid);
  return `${areas.map((area) => state.generation(area)).join(" ")} ${process ? `${process.startedAt} ${process.state}` : "gone"}`;
}
