import type { Time } from "../../../kernel/index.ts";
import type { Options } from "./options.ts";

/** Whose Pod a controller is: what the downward API and the API server tell of it. */
export interface OwnPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A process of nginx-ingress-controller: plain data in table `ingress-nginx`, by machine and pid. */
export interface ControllerRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly options: Options;
  /** `1.12.3` */
  readonly version: string;
  /** `listing` until all lists have come, then `running`; `stopping` once it has been told to end. */
  readonly phase: "connecting" | "listing" | "running" | "stopping";
  readonly cluster?: string;
  readonly pod?: OwnPod;
  /** The nginx that it has started. */
  readonly nginx?: number;
  /** A sync is planned. */
  readonly queued?: true;
  readonly lastSync?: Time;
  /** What runs: the text of nginx.conf without its checksum, and what was posted to it. */
  readonly conf?: string;
  readonly backends?: string;
  readonly servers?: string;
  /** Since when it leads; absent: another does, or nobody. */
  readonly leads?: Time;
  /** Whom it knows as the leader. */
  readonly leader?: string;
  /** A look at status addresses is planned. */
  readonly statusDue?: true;
  /** Kinds that it may not list. */
  readonly refused?: readonly string[];
  /** How often a list was refused. */
  readonly tries?: number;
  /** Names of Secrets (`namespace/name`) that are in its files, with the uid of what was written. */
  readonly certificates?: Readonly<Record<string, string>>;
}

export function rowKey(row: { readonly machine: string; readonly pid: number }): string {
  return `${row.machine}/${row.pid}`;
}
