import { journalOf, type Hosts, type ProcessRow } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import type { Network } from "../network.ts";
import { socketsOf } from "../socket/sockets.ts";
import { closeSocket } from "../transport/accept.ts";
import { wakeSockets } from "../transport/wake.ts";
import { Connection } from "../transport/connection.ts";
import { classNet } from "../files/class-net.ts";
import { procNet } from "../files/proc-net.ts";
import { procSysNet } from "../files/proc-sys-net.ts";
import { provideNetwork } from "./network-of.ts";

/** Joins a world's network to its hosts: processes find it, their sockets end with them, /proc and /sys show it. Once per world. */
export function bindNetwork(hosts: Hosts, network: Network): void {
  provideNetwork(hosts, network);
  hosts.addView("proc", procNet);
  hosts.addView("proc", procSysNet);
  hosts.addView("sys", classNet);
  hosts.onProcessEnd((row) => closeSockets(hosts, network, row));
  network.isPaused = (machine, pid) => hosts.machine(machine).isPaused(pid);
  hosts.onProcessPause({
    continued(row) {
      const ns = namespaceOfRow(hosts, network, row);
      // What its master listens to is accepted by a worker.
      if (ns) for (const pid of [row.pid, row.ppid]) wakeSockets(ns, pid);
      for (const wake of network.wakeListeners) wake();
    },
  });
  network.onKernelLog = (machine, message) =>
    journalOf(hosts.machine(machine)).write({ identifier: "kernel", pid: 0, priority: 4, message });
}

/** What the kernel does with the sockets of a process that has ended: listening ones close, connections are closed or reset. */
function closeSockets(hosts: Hosts, network: Network, row: ProcessRow): void {
  const ns = namespaceOfRow(hosts, network, row);
  if (!ns) return;
  const { sockets, connections } = socketsOf(ns, row.pid);
  for (const socket of sockets) closeSocket(ns, socket.id);
  for (const connection of connections) new Connection(ns, connection.id).close();
}

function namespaceOfRow(hosts: Hosts, network: Network, row: ProcessRow): Namespace | undefined {
  const id = row.netns ?? hosts.host(row.host)?.netns;
  return id === undefined ? undefined : network.find(id);
}
