import {
  acceptConnection,
  addAddress,
  addNamespace,
  addRoute,
  bringUp,
  connect,
  createLink,
  findLink,
  moveLink,
  openSocket,
  renameLink,
  setMaster,
  writeSysctl,
  type Namespace,
  type Result,
} from "../../../sim/net/index.ts";
import { fixture } from "./testing.ts";
import type { GoldenWorld } from "./world.ts";

/** The starting states of the recordings, as /work/shared/golden/worlds makes them. */
export const WORLDS: Readonly<Record<string, (world: GoldenWorld) => Promise<void>>> = {
  raw: async () => {},
  bare: (world) => world.must("ip link set lo up"),
  async node(world) {
    await world.must("ip link set lo up");
    const lan = hidden(world);
    const node01 = hidden(world);
    make(lan, "br0", "02:42:c0:a8:38:01");
    veth(world.ns, ["eth0", "02:42:c0:a8:38:0b"], lan, ["p1", "02:42:00:00:00:01"], 2, 12);
    veth(node01, ["eth0", "02:42:c0:a8:38:0c"], lan, ["p2", "02:42:00:00:00:02"], 902, 903);
    for (const port of ["p1", "p2"]) must(setMaster(lan, link(lan, port), link(lan, "br0")));
    give(lan, "br0", "192.168.56.1", 24);
    give(lan, "lo", "8.8.8.8", 32);
    must(writeSysctl(lan, "net/ipv4/ip_forward", "1"));
    give(node01, "eth0", "192.168.56.12", 24, "192.168.56.255");
    must(addRoute(node01, { to: "0.0.0.0/0", hops: [{ via: "192.168.56.1" }] }));
    await world.must("ip addr add 192.168.56.11/24 brd + dev eth0");
    await world.must("ip route add default via 192.168.56.1 dev eth0");
  },
  async node4(world) {
    await world.must("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1");
    without6 = true;
    await WORLDS["node"]!(world);
    without6 = false;
  },
  async redblue(world) {
    await lines(
      world,
      `
      ip link set lo up
      ip netns add red; ip netns add blue
      ip link add veth-red address 02:42:c0:a8:0f:01 type veth peer name veth-blue address 02:42:c0:a8:0f:02
      ip link set veth-red netns red; ip link set veth-blue netns blue
      ip -n red addr add 192.168.15.1/24 dev veth-red; ip -n blue addr add 192.168.15.2/24 dev veth-blue
      for n in red blue; do ip -n $n link set lo up; ip -n $n link set veth-$n up; done`,
    );
  },
  async "v-net"(world) {
    await WORLDS["node4"]!(world);
    await lines(
      world,
      `
      ip link add v-net-0 address 02:42:c0:a8:0f:05 type bridge; ip link set v-net-0 up
      i=1; for n in red blue; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ip link add veth-$n address 02:42:c0:a8:0f:0$i type veth peer name veth-$n-br address 02:42:c0:a8:0f:1$i; ip link set veth-$n netns $n; ip link set veth-$n-br master v-net-0; ip -n $n addr add 192.168.15.$i/24 dev veth-$n; ip -n $n link set lo up; ip -n $n link set veth-$n up; ip link set veth-$n-br up; i=$((i+1)); done
      ip addr add 192.168.15.5/24 dev v-net-0`,
    );
  },
  async "kube-node"(world) {
    await WORLDS["node4"]!(world);
    await lines(
      world,
      `
      sysctl -qw net.ipv4.ip_forward=1
      ip link add flannel.1 address 02:42:0a:f4:00:00 type vxlan id 1 local 192.168.56.11 dev eth0 dstport 8472 nolearning
      ip addr add 10.244.0.0/32 dev flannel.1; ip link set flannel.1 mtu 1450 up
      ip route add 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink
      ip neigh add 10.244.1.0 lladdr 02:42:0a:f4:01:00 dev flannel.1 nud permanent
      bridge fdb append 02:42:0a:f4:01:00 dev flannel.1 dst 192.168.56.12
      ip link add cni0 address 02:42:0a:f4:00:01 type bridge; ip link set cni0 mtu 1450 up; ip addr add 10.244.0.1/24 brd + dev cni0
      i=2; for n in cni-0a1b2c3d-1111-4222-8333-444455556666 cni-9f8e7d6c-aaaa-4bbb-8ccc-ddddeeeeffff; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; h=veth$(printf %08x $((0x5a3c1e00 + i))); ip link add $h address 02:42:00:00:01:0$i type veth peer name tmpb address 02:42:0a:f4:00:0$i; ip link set tmpb netns $n name eth0; ip link set $h mtu 1450 master cni0 up; ip -n $n link set lo up; ip -n $n link set eth0 mtu 1450 up; ip -n $n addr add 10.244.0.$i/24 brd + dev eth0; ip -n $n route add default via 10.244.0.1; i=$((i+1)); done`,
    );
    world.wait(4);
    await restore(world);
  },
  async controlplane(world) {
    accepted = 7;
    await WORLDS["node4"]!(world);
    holds(world, 655, "containerd", ["tcp 127.0.0.1 33441", "unix /run/containerd.sock"]);
    holds(world, 701, "sshd", ["tcp 0.0.0.0 22", "tcp6o :: 22"]);
    holds(world, 1203, "kubelet", ["tcp 127.0.0.1 10248", "tcp6 :: 10250"]);
    holds(world, 1687, "etcd", [
      "tcp 192.168.56.11 2379",
      "tcp 127.0.0.1 2379",
      "tcp 192.168.56.11 2380",
      "tcp 127.0.0.1 2381",
    ]);
    holds(world, 1701, "kube-apiserver", ["tcp6 :: 6443", "con 40112", "con 40118", "con 40126"]);
    holds(world, 1712, "kube-controller", ["tcp 127.0.0.1 10257"]);
    holds(world, 1724, "kube-scheduler", ["tcp 127.0.0.1 10259"]);
    holds(world, 1980, "kube-proxy", ["tcp 127.0.0.1 10249", "tcp6 :: 10256"]);
    holds(world, 2011, "chronyd", ["udp 127.0.0.1 323"]);
  },
};

let without6 = false;
/** The next descriptor of etcd, which accepts. */
let accepted = 7;

async function lines(world: GoldenWorld, script: string): Promise<void> {
  for (const line of script.split("\n")) if (line.trim() !== "") await world.must(line.trim());
}

async function restore(world: GoldenWorld): Promise<void> {
  world.host.files.write("/run/lab/rules", fixture("kube-proxy.rules"));
  await world.must("iptables-restore < /run/lab/rules");
}

/** A namespace that `ip netns` does not list: a Pod's, or what stands for another machine. */
function hidden({ network }: GoldenWorld): Namespace {
  const ns = addNamespace(network, "controlplane");
  if (without6)
    for (const owner of ["all", "default"]) must(writeSysctl(ns, `net/ipv6/conf/${owner}/disable_ipv6`, "1"));
  must(bringUp(ns, link(ns, "lo")));
  return ns;
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.errno} ${result.extack ?? ""}`);
  return result.value;
}

function link(ns: Namespace, name: string): number {
  return findLink(ns, name)!.index;
}

function make(ns: Namespace, name: string, address: string): void {
  must(createLink(ns, { kind: "bridge", name, address }));
  must(bringUp(ns, link(ns, name)));
}

/** A veth as `veth` of golden/lib/common.sh makes it: in the first namespace, then moved. */
function veth(
  near: Namespace,
  [name, address]: readonly [string, string],
  far: Namespace,
  [farName, farAddress]: readonly [string, string],
  index: number,
  farIndex: number,
): void {
  const own = near.network.namespace("controlplane");
  must(
    createLink(own, {
      kind: "veth",
      name: "tmpa",
      index,
      address,
      peer: { name: "tmpb", index: farIndex, address: farAddress },
    }),
  );
  if (near === own) must(renameLink(own, link(own, "tmpa"), name));
  else must(moveLink(own, link(own, "tmpa"), near, name));
  must(moveLink(own, link(own, "tmpb"), far, farName));
  must(bringUp(near, link(near, name)));
  must(bringUp(far, link(far, farName)));
}

function give(ns: Namespace, name: string, local: string, length: number, broadcast?: string): void {
  must(addAddress(ns, findLink(ns, name)!, { local, length, ...(broadcast === undefined ? {} : { broadcast }) }));
}

/** A process of that number that holds these sockets. */
function holds({ host, ns }: GoldenWorld, pid: number, name: string, sockets: readonly string[]): void {
  const machines = host.kernel.state.table<string, { nextPid: number }>("machines");
  const machine = machines.get("controlplane")!;
  machines.set("controlplane", { ...machine, nextPid: pid });
  host.machine.addProcess(host, {
    host: host.name,
    ppid: 1,
    pgid: 0,
    sid: 0,
    uid: 0,
    gid: 0,
    groups: [0],
    umask: 0o022,
    comm: name,
    argv: [name],
    exe: `/usr/bin/${name}`,
    cwd: "/",
    env: {},
  });
  machines.set("controlplane", { ...machines.get("controlplane")!, nextPid: 20_000 });
  let fd = 3;
  for (const spec of sockets) {
    const [kind, address, port] = spec.split(" ") as [string, string, string?];
    if (kind === "con") {
      const from = { address: "127.0.0.1", port: Number(address) };
      const made = connect(ns, { from, to: "127.0.0.1", port: 2379, pid, fd: fd++ });
      if (!made.connection) throw new Error(`no connection from ${address}`);
      const listener = [...ns.sockets.values()].find((row) => row.port === 2379 && row.address === "127.0.0.1")!;
      acceptConnection(ns, listener.id, { pid: listener.pid!, fd: accepted++ });
    } else if (kind === "unix")
      must(openSocket(ns, { protocol: "unix", address, port: 0, backlog: 128, pid, fd: fd++ }));
    else {
      const tcp = kind !== "udp";
      must(
        openSocket(ns, {
          protocol: tcp ? "tcp" : "udp",
          address,
          port: Number(port),
          ...(tcp ? { backlog: 4096, reuseAddress: true } : {}),
          v6only: kind === "tcp6o",
          pid,
          fd: fd++,
        }),
      );
    }
  }
}
