import { decode, fromCalendar, pass, SECOND } from "../../sim/kernel/index.ts";
import { testKernel } from "../../sim/kernel/testing.ts";
import {
  bindServices,
  buildBaseFiles,
  deviceFiles,
  FdTable,
  Hosts,
  ROOT,
  spawn,
  Tty,
  TtyFile,
  ubuntu24Files,
  ubuntu24HostFiles,
  type Host,
} from "../../sim/host/index.ts";
import { addNamespace, bindNetwork, bindSshd, createLink, Network, sshd } from "../../sim/net/index.ts";
import { give, must, up } from "../../sim/net/testing.ts";
import { ash, bash, dash } from "../../shell/index.ts";
import { createRegistry, programNames } from "../registry.ts";

const HOSTS = [
  { name: "controlplane", address: "10.0.0.1" },
  { name: "node01", address: "10.0.0.2" },
];

/** Two machines on a LAN; sshd runs on node01, and a login shell of controlplane's root is at a terminal. */
export async function lab(): Promise<{ type: (text: string) => Promise<string>; node: Host }> {
  const kernel = testKernel();
  const registry = createRegistry([sshd]);
  const shells = new Map([bash, dash, ash].map((shell) => [shell.name, shell]));
  const programs = [...programNames(), ...shells.keys()].map((name) => ({ path: `/usr/bin/${name}`, program: name }));
  const own = { path: "/usr/bin/sh", program: "dash" };
  const shared = [
    { path: "/proc", dir: true as const },
    { path: "/sshd", program: "sshd" },
    { path: "/usr/lib/openssh/sftp-server", program: "sftp-server" },
  ];
  const profile = {
    name: "ubuntu24",
    kernelRelease: "6.8.0-51-generic",
    kernelVersion: "#52",
    architecture: "x86_64",
    versions: {},
    files: buildBaseFiles(
      "ubuntu24",
      [...ubuntu24Files, ...deviceFiles, ...programs, own, ...shared],
      fromCalendar(2026, 11, 1),
    ),
  };
  const hosts = new Hosts(kernel, { find: (name) => shells.get(name) ?? registry.find(name) }, [profile]);
  hosts.reportBug = (program, error) => {
    throw new Error(`${program} threw`, { cause: error });
  };
  const network = new Network(kernel);
  for (const { name, address } of HOSTS) {
    const ns = addNamespace(network, name);
    must(createLink(ns, { kind: "physical", name: "eth0", segment: "lan" }));
    up(ns, "lo");
    up(ns, "eth0");
    give(ns, "eth0", `${address}/24`);
    const row = {
      name,
      profile: "ubuntu24",
      cpus: 1,
      memory: 1_000_000,
      bootedAt: kernel.now,
      bootId: "0",
      machineId: "0",
    };
    const { host } = hosts.addMachine(row, ns.id, 300);
    for (const file of ubuntu24HostFiles({ hostname: name, machineId: "0", seed: 1, hosts: HOSTS, nameservers: [] })) {
      if (!("text" in file)) continue;
      host.files.mkdir(file.path.replace(/\/[^/]*$/, ""), { parents: true });
      host.files.write(file.path, file.text, { mode: file.mode ?? 0o644 }, { ...ROOT, umask: 0 });
    }
  }
  bindServices(hosts);
  bindNetwork(hosts, network);
  bindSshd(hosts);
  const node = hosts.host("node01")!;
  spawn(node, { path: "/sshd", argv: ["sshd"], env: {}, cwd: "/", as: ROOT, ppid: 1 });
  const host = hosts.host("controlplane")!;
  let shown = "";
  const tty = new Tty("pts/0", { cols: 80, rows: 24, inputLimit: 4096, display: (bytes) => void (shown += bytes) });
  host.machine.addTty(tty);
  const file = new TtyFile(tty);
  const pid = spawn(host, {
    path: "/usr/bin/bash",
    argv: ["bash", "--norc", "--noediting"],
    cwd: "/root",
    env: { PATH: "/usr/bin", HOME: "/root", PS1: "$ ", TERM: "xterm", LANG: "C.UTF-8" },
    as: ROOT,
    ppid: 1,
    tty: "pts/0",
    fds: new FdTable([
      [0, file],
      [1, file],
      [2, file],
    ]),
  });
  tty.foreground = { machine: host.machine, pgid: pid };
  const rest = (): Promise<void> => pass(kernel, kernel.now + 2 * SECOND);
  await rest();
  return {
    node,
    async type(text) {
      shown = "";
      tty.input(text);
      await rest();
      return decode(shown)
        .replaceAll("\r\n", "\n")
        .replaceAll(/\x1b\[\?2004[hl]\r?/g, "");
    },
  };
}
