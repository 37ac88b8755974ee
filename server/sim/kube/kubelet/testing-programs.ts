import { attempt, Errno, Part, type Process, type Program } from "../../host/index.ts";
import { decode, encode, SECOND } from "../../kernel/index.ts";
import {
  addAddress,
  addRoute,
  bringUp,
  createLink,
  findLink,
  setMaster,
  type Namespace,
  type Network,
} from "../../net/index.ts";

/** The machines of tests. */
export type NodeName = "controlplane" | "node01";

const POD_NETWORKS = { controlplane: "10.244.0", node01: "10.244.1" } as const;

async function stdin(process: Process): Promise<string> {
  let text = "";
  for (let part = await process.read(0, 65_536); part !== ""; part = await process.read(0, 65_536)) text += part;
  return decode(text);
}

/** A plugin that answers with an empty result: loopback. */
export const loopback: Program = {
  name: "cni/loopback",
  summary: "test plugin",
  async run(process) {
    const config = JSON.parse(await stdin(process)) as { cniVersion: string };
    await process.print(JSON.stringify({ cniVersion: config.cniVersion, ips: [{ address: "127.0.0.1/8" }] }));
    return 0;
  },
};

/** A plugin that joins Pods to a bridge by veths, with addresses counted from 2. */
export const testNetwork: Program = {
  name: "cni/testnet",
  summary: "test plugin",
  async run(process) {
    const { CNI_COMMAND, CNI_NETNS = "", CNI_IFNAME = "eth0" } = process.env;
    const config = JSON.parse(await stdin(process)) as { cniVersion: string };
    const network = process.host.hosts.part(TEST_NETWORK).network;
    const name = CNI_NETNS.slice(CNI_NETNS.lastIndexOf("/") + 1);
    const machine = process.host.machine.name as NodeName;
    const ns = network.named(machine, name);
    if (CNI_COMMAND === "DEL" || !ns) return 0;
    const address = `${POD_NETWORKS[machine]}.${2 + process.kernel.random.below(`test/${machine}`, 250)}`;
    plug(network.namespace(machine), ns, CNI_IFNAME, address);
    await process.print(
      JSON.stringify({
        cniVersion: config.cniVersion,
        interfaces: [{ name: CNI_IFNAME, sandbox: CNI_NETNS }],
        ips: [{ address: `${address}/24`, interface: 0, gateway: `${POD_NETWORKS[machine]}.1` }],
      }),
    );
    return 0;
  },
};

function plug(node: Namespace, ns: Namespace, name: string, address: string): void {
  const machine = node.machine as NodeName;
  if (!findLink(node, "cni0")) {
    createLink(node, { kind: "bridge", name: "cni0" });
    bringUp(node, findLink(node, "cni0")!.index);
    addAddress(node, findLink(node, "cni0")!, { local: `${POD_NETWORKS[machine]}.1`, length: 24 });
  }
  const veth = `veth${address.split(".")[3]!}`;
  createLink(node, { kind: "veth", name: veth, peer: { name, namespace: ns.id } });
  setMaster(node, findLink(node, veth)!.index, findLink(node, "cni0")!.index);
  bringUp(node, findLink(node, veth)!.index);
  bringUp(ns, findLink(ns, "lo")!.index);
  bringUp(ns, findLink(ns, name)!.index);
  addAddress(ns, findLink(ns, name)!, { local: address, length: 24 });
  addRoute(ns, { to: "0.0.0.0/0", hops: [{ via: `${POD_NETWORKS[machine]}.1` }] });
}

export const TEST_NETWORK = new Part<{ readonly network: Network }>("test network");

type Applet = (process: Process, args: readonly string[]) => Promise<number>;

/** What containers of these tests run, by the name that they are called by. */
const APPLETS: Readonly<Record<string, Applet>> = {
  true: async () => 0,
  false: async () => 1,
  async wait(process) {
    await process.sleep(3600 * SECOND);
    return 0;
  },
  async sleep(process, [seconds]) {
    await process.sleep(Number(seconds) * SECOND);
    return 0;
  },
  async echo(process, args) {
    await process.print(`${args.join(" ")}\n`);
    return 0;
  },
  async cat(process, paths) {
    for (const path of paths) {
      if (path === "-") {
        for (let part = await process.read(0); part !== ""; part = await process.read(0)) await process.write(1, part);
        continue;
      }
      const text = attempt(() => process.host.files.read(path, process));
      if (text instanceof Errno) {
        await process.error(`cat: can't open '${path}': No such file or directory\n`);
        return 1;
      }
      await process.write(1, text);
    }
    return 0;
  },
  async env(process) {
    for (const [name, value] of Object.entries(process.env)) await process.print(`${name}=${value}\n`);
    return 0;
  },
  /** `tee PATH WORD…` */
  async tee(process, [path = "", ...words]) {
    process.host.files.write(path, encode(`${words.join(" ")}\n`));
    return 0;
  },
};

/** Called as `busybox`, `cat`… */
export const APPLET_PROGRAMS: readonly Program[] = ["busybox", "cat", "env", "echo", "sleep", "true", "wait"].map(
  (name) => ({
    name,
    summary: "test applet",
    async run(process, args) {
      const applet = process.row.argv[0]!.split("/").at(-1)!;
      return (APPLETS[applet] ?? APPLETS["true"]!)(process, args);
    },
  }),
);
