import { capabilityMask } from "../capabilities.ts";
import { encode, SECOND } from "../../kernel/index.ts";
import { directory, file, type ViewNode } from "../files/view.ts";
import type { Host, ViewContext } from "../host.ts";
import { signalNumber, type Signal } from "../process/signal.ts";
import type { ProcessRow } from "../process/process-row.ts";
import type { Mount } from "../files/mount-namespace.ts";
import { mountLine, mountOptions, mountTable } from "../files/mount-table.ts";

/** The directories of processes in /proc, and /proc/self. As proc(5). */
export const processFiles: ViewNode<ViewContext> = {
  type: "dir",
  list: ({ host, process }) => [
    ...host.processes().map((row) => String(host.pidOf(row))),
    ...(process ? ["self", "thread-self"] : []),
  ],
  child({ host, process }, name) {
    if (name === "self" || name === "thread-self")
      return process && { type: "link", target: () => String(host.pidOf(process)) };
    const row = /^[1-9]\d*$/.test(name) ? host.processByPid(Number(name)) : undefined;
    return row && ofProcess(row);
  },
};

function ofProcess(row: ProcessRow): ViewNode<ViewContext> {
  const descriptors = (host: Host): [number, string][] =>
    host.machine
      .liveProcess(row.pid)
      ?.fds.entries()
      .map(([fd, { name }]) => [fd, name]) ?? [];
  return directory<ViewContext>({
    // A container sees its cgroup as the root of all (a cgroup namespace of its own); the tree of machines has no units.
    cgroup: (context) => (context.host.isContainer ? file(() => "0::/\n") : undefined),
    oom_score_adj: file(({ host }) => `${host.machine.hosts.host(row.host)?.row.oomScoreAdj ?? 0}\n`),
    cmdline: file(() => (row.state === "zombie" ? "" : encode(row.argv.map((word) => `${word}\0`).join("")))),
    comm: file(() => encode(`${row.comm}\n`)),
    cwd: { type: "link", target: () => row.cwd },
    environ: file(() =>
      encode(
        Object.entries(row.env)
          .map(([name, value]) => `${name}=${value}\0`)
          .join(""),
      ),
    ),
    exe: { type: "link", target: () => row.exe },
    fd: {
      type: "dir",
      mode: 0o500,
      list: ({ host }) => descriptors(host).map(([fd]) => String(fd)),
      child({ host }, name) {
        const found = descriptors(host).find(([fd]) => String(fd) === name);
        return found && { type: "link", target: () => found[1] };
      },
    },
    mounts: file(({ host }) => mountTable(host).map(mountLine).join("")),
    mountinfo: file(({ host }) => mountInfo(mountTable(host))),
    ns: namespaceLinks(row),
    root: { type: "link", target: () => "/" },
    stat: file(({ host }) => statLine(host, row)),
    status: file(({ host }) => status(host, row)),
  });
}

/** The namespaces of the first processes of a machine (include/linux/proc_ns.h). */
const INITIAL = {
  cgroup: 4_026_531_835,
  ipc: 4_026_531_839,
  mnt: 4_026_531_841,
  net: 4_026_531_840,
  pid: 4_026_531_836,
  user: 4_026_531_837,
  uts: 4_026_531_838,
} as const;
const FIRST_OTHER = 4_026_532_100;

/** `ns/pid -> pid:[4026531836]`: the same number for those who share a namespace. User namespaces are not simulated. */
function namespaceLinks(row: ProcessRow): ViewNode<ViewContext> {
  const target = (kind: keyof typeof INITIAL, { machine }: Host): string => {
    const host = machine.hosts.host(row.host);
    const ids: Partial<Record<keyof typeof INITIAL, string>> = {
      cgroup: row.host,
      ipc: host?.row.ipcns ?? row.host,
      mnt: row.host,
      net: row.netns ?? host?.netns ?? machine.name,
      pid: row.pidns ?? row.host,
      uts: host?.row.utsns ?? row.host,
    };
    const id = ids[kind];
    const initial = id === undefined || id === machine.name || (kind === "net" && id === machine.host.netns);
    return `${kind}:[${initial ? INITIAL[kind] : FIRST_OTHER + (fnv(`${kind} ${id}`) % 1_000_000)}]`;
  };
  return directory<ViewContext>(
    Object.fromEntries(
      (Object.keys(INITIAL) as (keyof typeof INITIAL)[]).map((kind): [string, ViewNode<ViewContext>] => [
        kind,
        { type: "link", target: ({ host }) => target(kind, host) },
      ]),
    ),
  );
}

/** FNV-1a. */
function fnv(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

const STATES = { running: "S (sleeping)", stopped: "T (stopped)", zombie: "Z (zombie)" } as const;

function status(host: Host, row: ProcessRow): string {
  const parent = host.machine.process(row.ppid);
  const ids = (id: number): string => `${id}\t${id}\t${id}\t${id}`;
  const ignored = host.machine.liveProcess(row.pid)?.ignoredSignals ?? [];
  return [
    `Name:\t${row.comm}`,
    `Umask:\t${row.umask.toString(8).padStart(4, "0")}`,
    `State:\t${STATES[row.state]}`,
    `Tgid:\t${host.pidOf(row)}`,
    `Ngid:\t0`,
    `Pid:\t${host.pidOf(row)}`,
    `PPid:\t${parent && host.sees(parent) ? host.pidOf(parent) : 0}`,
    `TracerPid:\t0`,
    `Uid:\t${ids(row.uid)}`,
    `Gid:\t${ids(row.gid)}`,
    `Groups:\t${row.groups.join(" ")} `,
    `NSpid:\t${row.nspid === row.pid || !host.seesMachine ? host.pidOf(row) : `${row.pid}\t${row.nspid}`}`,
    `Threads:\t1`,
    `SigIgn:\t${mask(ignored)}`,
    ...privileges(host, row),
    "",
  ].join("\n");
}

/** What the process may, and what it can never get. */
function privileges({ machine }: Host, { host: name, uid }: ProcessRow): string[] {
  const { capabilities, noNewPrivileges, seccomp } = machine.hosts.host(name)?.row ?? {};
  const bounding = capabilityMask(capabilities);
  const own = uid === 0 ? bounding : capabilityMask([]);
  return [
    `CapInh:\t${capabilityMask([])}`,
    `CapPrm:\t${own}`,
    `CapEff:\t${own}`,
    `CapBnd:\t${bounding}`,
    `CapAmb:\t${capabilityMask([])}`,
    `NoNewPrivs:\t${noNewPrivileges ? 1 : 0}`,
    `Seccomp:\t${seccomp ? 2 : 0}`,
    `Seccomp_filters:\t${seccomp ? 1 : 0}`,
  ];
}

function mask(signals: readonly Signal[]): string {
  const bits = signals.reduce((sum, signal) => sum | (1n << BigInt(signalNumber(signal) - 1)), 0n);
  return bits.toString(16).padStart(16, "0");
}

/** The first fields of /proc/PID/stat, those that come from state; the rest are zero. */
function statLine(host: Host, row: ProcessRow): string {
  const start = Math.floor((row.startedAt - host.machine.row.bootedAt) / (SECOND / 100));
  const state = row.state === "zombie" ? "Z" : row.state === "stopped" ? "T" : "S";
  const tty = row.tty === undefined ? 0 : 34_816 + Number(row.tty.slice(4));
  const head = [host.pidOf(row), `(${row.comm})`, state, row.ppid, row.pgid, row.sid, tty, -1];
  return `${[...head, ...Array.from({ length: 13 }, () => 0), start, ...Array.from({ length: 30 }, () => 0)].join(" ")}\n`;
}

/** Numbers count from the root's, and parents are those above; devices are numbered in their order (proc_pid_mountinfo(5)). */
function mountInfo(table: readonly Mount[]): string {
  const numbers = new Map(table.map((mount, at) => [mount, 22 + at]));
  const parentOf = (mount: Mount): Mount | undefined =>
    table
      .filter((other) => other !== mount && (other.at === "/" || mount.at.startsWith(`${other.at}/`)))
      .reduce<Mount | undefined>((best, one) => (best && best.at.length >= one.at.length ? best : one), undefined);
  const line = (mount: Mount, at: number): string => {
    const parent = parentOf(mount);
    const disk = mount.source.startsWith("/dev/");
    const [mode = "rw", ...options] = mountOptions(mount).split(",");
    const own = options.filter((option) => /^(?:no|relatime)/.test(option));
    const rest = options.filter((option) => !own.includes(option));
    return `${numbers.get(mount)!} ${parent ? numbers.get(parent)! : 1} ${disk ? "253:1" : `0:${22 + at}`} / ${mount.at} ${[mode, ...own].join(",")} - ${mount.type} ${mount.source} ${[mode, ...rest].join(",")}\n`;
  };
  return table.map(line).join("");
}
