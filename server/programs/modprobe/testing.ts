import { decode, encode, fromCalendar, run as runKernel, SECOND } from "../../sim/kernel/index.ts";
import { testKernel } from "../../sim/kernel/testing.ts";
import {
  bindServices,
  buildBaseFiles,
  debian12Files,
  deviceFiles,
  exitCode,
  FdTable,
  Hosts,
  MemoryInput,
  MemoryOutput,
  spawn,
  Tty,
  TtyFile,
  type ExitStatus,
  type Host,
  type Program,
} from "../../sim/host/index.ts";
import { addNamespace, bindNetwork, Network, type Namespace } from "../../sim/net/index.ts";

/** A machine as that of the recordings, with a terminal of its size. */
export interface GoldenWorld {
  readonly host: Host;
  readonly network: Network;
  readonly ns: Namespace;
  /** Runs a line in bash; gives what a terminal showed (or, without one, a pipe took) and the exit status. */
  run(line: string, terminal?: readonly [cols: number, rows: number]): Promise<{ output: string; status: number }>;
  /** The same for setting things up: must succeed. */
  must(line: string): Promise<void>;
  /** Lets time pass. */
  wait(seconds: number): void;
}

const VERSIONS = {
  coreutils: "9.1",
  grep: "3.8",
  sed: "4.9",
  procps: "4.0.2",
  iptables: "1.8.9",
  iproute2: "6.1.0",
  libbpf: "1.1.2",
  "net-tools": "2.10",
  conntrack: "1.4.7",
};

const EXITED = "golden/exited";

export function goldenWorld(programs: readonly Program[]): GoldenWorld {
  const kernel = testKernel();
  const registry = new Map(programs.map((program) => [program.name, program]));
  const profile = {
    name: "debian12",
    kernelRelease: "6.18.44",
    kernelVersion: "#1 SMP",
    architecture: "x86_64",
    versions: VERSIONS,
    files: buildBaseFiles(
      "golden",
      [
        ...debian12Files,
        ...deviceFiles,
        { path: "/run/lab", dir: true },
        { path: "/usr/bin", dir: true },
        { path: "/usr/sbin", dir: true },
        ...programs.map(({ name }) => ({ path: `/usr/bin/${name}`, program: name })),
      ],
      fromCalendar(2026, 11, 1),
    ),
  };
  const hosts = new Hosts(kernel, { find: (name) => registry.get(name) }, [profile]);
  hosts.reportBug = (program, error) => {
    throw new Error(`${program} threw`, { cause: error });
  };
  const network = new Network(kernel);
  const ns = addNamespace(network, "controlplane");
  network.loadModule("controlplane", "br_netfilter");
  const row = { profile: "debian12", cpus: 2, memory: 2_048_000, bootId: "0".repeat(32), machineId: "1".repeat(32) };
  const { host } = hosts.addMachine({ ...row, name: "controlplane", bootedAt: kernel.now }, "controlplane", 20_000);
  bindServices(hosts);
  bindNetwork(hosts, network);
  const init = { comm: "systemd", argv: ["/sbin/init"], exe: "/sbin/init", cwd: "/", env: {} };
  host.machine.addInit({
    host: host.name,
    ppid: 0,
    uid: 0,
    gid: 0,
    groups: [0],
    umask: 0o022,
    startedAt: kernel.now,
    ...init,
  });
  const endings = new Map<number, (status: ExitStatus) => void>();
  kernel.handle(EXITED, (args: { done: number; status: ExitStatus }) => endings.get(args.done)?.(args.status));
  let runs = 0;

  async function run(line: string, terminal?: readonly [number, number]): Promise<{ output: string; status: number }> {
    let output = "";
    const pipe = new MemoryOutput(10_000_000);
    const tty =
      terminal &&
      new Tty("pts/0", {
        cols: terminal[0],
        rows: terminal[1],
        inputLimit: 4096,
        display: (bytes) => void (output += bytes),
      });
    if (tty) host.machine.addTty(tty);
    const file = tty && new TtyFile(tty);
    let status: ExitStatus | undefined;
    const done = ++runs;
    endings.set(done, (ended) => (status = ended));
    const pid = spawn(host, {
      path: "/usr/bin/bash",
      argv: ["bash", "-c", line],
      cwd: "/root",
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: "/root",
        TERM: "xterm",
        LANG: "C.UTF-8",
        USER: "root",
      },
      as: { uid: 0, gid: 0, groups: [0] },
      ppid: 1,
      ...(tty ? { tty: tty.name } : {}),
      fds: new FdTable([
        [0, file ?? new MemoryInput("")],
        [1, file ?? pipe],
        [2, file ?? pipe],
      ]),
      onExit: { kind: EXITED, args: { done } },
    });
    if (tty) tty.foreground = { machine: host.machine, pgid: pid };
    await runKernel(kernel, () => status !== undefined);
    endings.delete(done);
    if (tty) host.machine.removeTty(tty.name);
    return { output: decode(tty ? output : pipe.take()), status: status ? exitCode(status) : -1 };
  }

  return {
    host,
    network,
    ns,
    run,
    async must(line) {
      const { output, status } = await run(line);
      if (status !== 0) throw new Error(`${line}: ${status} ${encode(output)}`);
    },
    wait: (seconds) => kernel.advance(kernel.now + seconds * SECOND),
  };
}
