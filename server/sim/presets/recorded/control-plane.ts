import { acceptConnection, connect, openSocket } from "../../net/index.ts";
import type { World } from "../../world/index.ts";
import { MACHINE, must, own } from "./wiring.ts";

/**
 * Processes that hold sockets, and nothing else, as golden/lib/fakeproc.py. `tcp6o` is bound to IPv6 alone; `con` is a
 * connection from that port of 127.0.0.1 to etcd.
 */
const PROCESSES: readonly (readonly [pid: number, name: string, ...sockets: string[]])[] = [
  [655, "containerd", "tcp 127.0.0.1 33441", "unix /run/containerd.sock"],
  [701, "sshd", "tcp 0.0.0.0 22", "tcp6o :: 22"],
  [1203, "kubelet", "tcp 127.0.0.1 10248", "tcp6 :: 10250"],
  [1687, "etcd", "tcp 192.168.56.11 2379", "tcp 127.0.0.1 2379", "tcp 192.168.56.11 2380", "tcp 127.0.0.1 2381"],
  [1701, "kube-apiserver", "tcp6 :: 6443", "con 40112", "con 40118", "con 40126"],
  [1712, "kube-controller", "tcp 127.0.0.1 10257"],
  [1724, "kube-scheduler", "tcp 127.0.0.1 10259"],
  [1980, "kube-proxy", "tcp 127.0.0.1 10249", "tcp6 :: 10256"],
  [2011, "chronyd", "udp 127.0.0.1 323"],
];
const AS_ROOT = { ppid: 1, pgid: 0, sid: 0, uid: 0, gid: 0, groups: [0], umask: 0o022, cwd: "/", env: {} };
const ETCD_PORT = 2379;

/** golden/worlds/controlplane.sh. */
export function controlPlaneProcesses(world: World): void {
  const ns = own(world);
  const { host } = world.hosts.machine(MACHINE);
  /** Descriptors of etcd: those behind its four listening sockets. */
  let accepted = 7;
  for (const [pid, name, ...sockets] of PROCESSES) {
    nextPid(world, pid);
    host.machine.addProcess(host, {
      ...AS_ROOT,
      host: host.name,
      comm: name,
      argv: [name],
      exe: `/usr/bin/${name}`,
    });
    let fd = 3;
    for (const socket of sockets) {
      const [kind, address, port] = socket.split(" ") as [string, string, string?];
      if (kind === "con") {
        const from = { address: "127.0.0.1", port: Number(address) };
        const { connection } = connect(ns, { from, to: "127.0.0.1", port: ETCD_PORT, pid, fd: fd++ });
        if (!connection) throw new Error(`no connection from ${address}`);
        const listening = [...ns.sockets.values()].find(
          (row) => row.port === ETCD_PORT && row.address === "127.0.0.1",
        )!;
        acceptConnection(ns, listening.id, { pid: listening.pid!, fd: accepted++ });
      } else if (kind === "unix")
        must(openSocket(ns, { protocol: "unix", address, port: 0, backlog: 128, pid, fd: fd++ }));
      else {
        const stream = kind === "udp" ? {} : { backlog: 4096, reuseAddress: true };
        const protocol = kind === "udp" ? "udp" : "tcp";
        must(
          openSocket(ns, { protocol, address, port: Number(port), ...stream, v6only: kind === "tcp6o", pid, fd: fd++ }),
        );
      }
    }
  }
}

/** As a number written to /proc/sys/kernel/ns_last_pid. */
export function nextPid({ kernel }: World, pid: number): void {
  const machines = kernel.state.table<string, { nextPid: number }>("machines");
  machines.set(MACHINE, { ...machines.get(MACHINE)!, nextPid: pid });
}
