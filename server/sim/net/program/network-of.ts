import { Part, type Host, type Hosts, type ProcessRow } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import type { Network } from "../network.ts";

const NETWORK = new Part<Network>("network");

/** A process: a running program's, or a daemon's. */
export interface InProcess {
  readonly host: Host;
  readonly row: ProcessRow;
}

export function provideNetwork(hosts: Hosts, network: Network): void {
  hosts.provide(NETWORK, network);
}

export function networkOfHosts(hosts: Hosts): Network {
  return hosts.part(NETWORK);
}

/** The network namespace that a process is in. */
export function namespaceOf({ host, row }: InProcess): Namespace {
  return networkOfHosts(host.hosts).namespace(row.netns ?? host.netns);
}

/** The network namespace that a host's processes start in. */
export function hostNamespace(host: Host): Namespace {
  return networkOfHosts(host.hosts).namespace(host.netns);
}
