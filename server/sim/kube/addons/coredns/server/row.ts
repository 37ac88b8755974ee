import type { Time } from "../../../../kernel/index.ts";
import type { InstanceConfig } from "./instance.ts";

/** A CoreDNS process: plain data in table `coredns`, by machine and pid. */
export interface CoreDnsRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  /** The Corefile that `-conf` names. */
  readonly path: string;
  /** `-dns.port` */
  readonly port: string;
  readonly quiet: boolean;
  /** `waiting` for the API server before it serves, `stopping` in its lame duck's time. */
  readonly phase: "waiting" | "serving" | "stopping";
  readonly config: InstanceConfig;
  /** When that configuration took over. */
  readonly started: Time;
  /** The digest of the last Corefile that was tried. */
  readonly tried: string;
  /** A look at the Corefile is planned. */
  readonly looking?: true;
  /** Plugins that `ready` need not ask any more. */
  readonly ready?: true;
}

export function rowKey(row: { readonly machine: string; readonly pid: number }): string {
  return `${row.machine}/${row.pid}`;
}
