import {
  bindServices,
  buildBaseFiles,
  FdTable,
  Hosts,
  MemoryInput,
  MemoryOutput,
  programStub,
  spawn,
  type Daemon,
  type ExitStatus,
  type FileSpec,
  type Host,
  type Program,
} from "../../../host/index.ts";
import { decode, encode, fromCalendar, run, type Kernel } from "../../../kernel/index.ts";
import { testKernel } from "../../../kernel/testing.ts";
import { addNamespace, bindNetwork, saveRules, type Namespace, type Network } from "../../../net/index.ts";
import { machine, sysctl, testNetwork } from "../../../net/testing.ts";
import type { JsonObject } from "../../api/index.ts";
import { cniPlugins } from "./index.ts";

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Command = "ADD" | "DEL" | "CHECK" | "VERSION";

const ENDED = "cni-testing/ended";
const PLUGINS = cniPlugins.map(({ name }) => name.replace("cni/", ""));

const FILES: readonly FileSpec[] = [
  { path: "/etc/passwd", text: "root:x:0:0:root:/root:/bin/bash\n" },
  { path: "/etc/group", text: "root:x:0:\n" },
  { path: "/run/netns", dir: true },
  { path: "/var/run", link: "/run" },
  { path: "/usr/sbin/iptables", program: "iptables" },
  { path: "/opt/cni/bin", dir: true },
];

/** Machines on a LAN with the CNI plugins, as a container runtime finds them. */
export class CniWorld {
  readonly hosts: Hosts;
  readonly network: Network;
  readonly #ends = new Map<number, (status: ExitStatus) => void>();
  #runs = 0;

  /** Machines are at 192.168.56.11, .12 and so on. With a kernel of another world, it has what that had. */
  constructor(names: readonly string[], more: readonly (Program | Daemon)[] = [], forked?: Kernel) {
    const kernel = forked ?? testKernel();
    const registry = new Map([...cniPlugins, ...more].map((program) => [program.name, program]));
    const files = buildBaseFiles("profile:test", FILES, fromCalendar(2026, 11, 1));
    const profile = {
      name: "test",
      kernelRelease: "6.8.0-51-generic",
      kernelVersion: "#52-Ubuntu",
      architecture: "x86_64",
      versions: {},
      files,
    };
    this.hosts = new Hosts(kernel, { find: (name) => registry.get(name) }, [profile]);
    this.hosts.reportBug = (program, error) => {
      throw new Error(`${program} threw`, { cause: error });
    };
    this.network = testNetwork(kernel);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    kernel.handle(ENDED, ({ run: number, status }: { run: number; status: ExitStatus }) =>
      this.#ends.get(number)?.(status),
    );
    if (forked) return;
    for (const [at, name] of names.entries()) this.#addMachine(name, `192.168.56.${11 + at}`);
  }

  #addMachine(name: string, address: string): void {
    this.network.loadModule(name, "br_netfilter");
    const ns = machine(this.network, name, { segment: "lan", address: `${address}/24`, gateway: "192.168.56.1" });
    sysctl(ns, "net.bridge.bridge-nf-call-iptables", 1);
    const row = { profile: "test", cpus: 2, memory: 2_048_000, bootedAt: 0, bootId: "0", machineId: "1" };
    const { host } = this.hosts.addMachine({ name, ...row }, name, 100);
    for (const plugin of PLUGINS) this.install(host, plugin);
  }

  install(host: Host, plugin: string): void {
    const program = plugin === "flannel" ? "flannel" : `cni/${plugin}`;
    host.files.write(`/opt/cni/bin/${plugin}`, programStub(program), { mode: 0o755 });
  }

  host(name: string): Host {
    return this.hosts.host(name)!;
  }

  ns(name: string): Namespace {
    return this.network.namespace(name);
  }

  /** A Pod's namespace as containerd makes it; its path is `/var/run/netns/cni-NAME`. */
  sandbox(host: string, name: string): Namespace {
    const ns = addNamespace(this.network, host, { name: `cni-${name}`, label: `Pod ${name}` });
    this.host(host).files.write(`/run/netns/cni-${name}`, "");
    return ns;
  }

  write(host: string, path: string, text: string): void {
    const { files } = this.host(host);
    const directory = path.slice(0, path.lastIndexOf("/"));
    if (!files.exists(directory)) files.mkdir(directory, { parents: true });
    files.write(path, encode(text));
  }

  rules(host: string): string {
    return saveRules(this.ns(host));
  }

  /** Runs a program of a machine to its end. */
  async run(host: string, path: string, stdin: string, env: Readonly<Record<string, string>>): Promise<Answer> {
    const { kernel } = this.hosts;
    const [stdout, stderr] = [new MemoryOutput(1_000_000), new MemoryOutput(1_000_000)];
    const number = ++this.#runs;
    let status: ExitStatus | undefined;
    this.#ends.set(number, (ended) => (status = ended));
    spawn(this.host(host), {
      path,
      argv: [path],
      cwd: "/",
      env,
      as: { uid: 0, gid: 0, groups: [0] },
      ppid: 1,
      fds: new FdTable([
        [0, new MemoryInput(encode(stdin))],
        [1, stdout],
        [2, stderr],
      ]),
      onExit: { kind: ENDED, args: { run: number } },
    });
    await run(kernel, () => status !== undefined);
    const code = status && "code" in status ? status.code : -1;
    return { code, stdout: decode(stdout.take()), stderr: decode(stderr.take()) };
  }

  /** Calls a plugin for a Pod, as a runtime does. */
  plugin(
    host: string,
    command: Command,
    pod: string,
    config: JsonObject,
    env: Record<string, string> = {},
  ): Promise<Answer> {
    return this.run(host, `/opt/cni/bin/${config["type"] as string}`, JSON.stringify(config), {
      CNI_COMMAND: command,
      CNI_CONTAINERID: pod,
      CNI_NETNS: `/var/run/netns/cni-${pod}`,
      CNI_IFNAME: "eth0",
      CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAME=${pod}`,
      CNI_PATH: "/opt/cni/bin",
      ...env,
    });
  }
}
