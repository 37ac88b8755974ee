import { attempt, capable, Errno, resolve, type Host, type Process, type ProcessRow } from "../sim/host/index.ts";
import { namespaceAt } from "../sim/net/index.ts";
import { becomeCommand, codeOf } from "./gnu/execute.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { versionOf } from "./gnu/versions.ts";
import { runAmongFilesOf } from "./other-root.ts";

/** The namespaces that can be entered, by their option, with their file under /proc/PID/ns. */
const FILES = { mount: "mnt", uts: "uts", ipc: "ipc", net: "net", pid: "pid", cgroup: "cgroup", user: "user", time: "time" } as const; // prettier-ignore

type Namespace = keyof typeof FILES;

/**
 * Runs a program in the namespaces of another process: its network, or its files, with which go the services and processes
 * of the machine or container that it belongs to (util-linux sys-utils/nsenter.c).
 */
export const nsenter = tool({
  name: "nsenter",
  package: "util-linux",
  title: "nsenter from util-linux",
  summary: "run program with namespaces of other processes",
  usage: ["[options] [<program> [<argument>...]]"],
  about: "Run a program with namespaces of other processes.",
  stopAtOperand: true,
  flags: {
    all: { short: "a", long: "all", help: "enter all namespaces" },
    target: { short: "t", long: "target", arg: "pid", help: "target process to get namespaces from" },
    mount: { short: "m", long: "mount", arg: "file", optional: true, help: "enter mount namespace" },
    uts: { short: "u", long: "uts", arg: "file", optional: true, help: "enter UTS namespace (hostname etc)" },
    ipc: { short: "i", long: "ipc", arg: "file", optional: true, help: "enter System V IPC namespace" },
    net: { short: "n", long: "net", arg: "file", optional: true, help: "enter network namespace" },
    pid: { short: "p", long: "pid", arg: "file", optional: true, help: "enter pid namespace" },
    cgroup: { short: "C", long: "cgroup", arg: "file", optional: true, help: "enter cgroup namespace" },
    user: { short: "U", long: "user", arg: "file", optional: true, simulated: false },
    time: { short: "T", long: "time", arg: "file", optional: true, simulated: false },
    fork: { short: "F", long: "no-fork", help: "do not fork before exec'ing <program>" },
    root: { short: "r", long: "root", arg: "dir", optional: true, help: "set the root directory" },
    wd: { short: "w", long: "wd", arg: "dir", optional: true, help: "set the working directory" },
    setuid: { short: "S", long: "setuid", arg: "uid", help: "set uid in entered namespace" },
    setgid: { short: "G", long: "setgid", arg: "gid", help: "set gid in entered namespace" },
    versionShort: { short: "V" },
    preserve: { long: "preserve-credentials", simulated: false },
  },
  async run(call) {
    const { process } = call;
    if (call.has("versionShort")) {
      await call.out.print(`nsenter from util-linux ${versionOf(process, "util-linux")}\n`);
      return 0;
    }
    for (const flag of ["setuid", "setgid"] as const) {
      const id = call.value(flag);
      if (id !== undefined && !/^(?:\d+|follow)$/.test(id))
        return call.fail(`failed to parse ${flag === "setuid" ? "uid" : "gid"}: '${id}'`);
    }
    const wanted = (Object.keys(FILES) as Namespace[]).filter(
      (name) => name !== "user" && name !== "time" && (call.has("all") || call.has(name)),
    );
    const given = call.value("target");
    if (given !== undefined && !/^\d+$/.test(given)) return call.fail(`failed to parse pid: '${given}'`);
    const files = new Map(wanted.map((name) => [name, call.value(name as "net")]));
    const unnamed = wanted.find((name) => !files.get(name) && given === undefined);
    if (call.has("all") && given === undefined) return call.fail("no target PID specified for --all");
    if (unnamed) return call.fail(`neither filename nor target pid supplied for ns/${FILES[unnamed]}`);
    const words = call.operands.length > 0 ? call.operands : [process.env["SHELL"] ?? "/bin/sh"];
    const targets = new Map<Namespace, ProcessRow>();
    let named: string | undefined;
    for (const name of wanted) {
      const path = files.get(name) || `/proc/${given}/ns/${FILES[name]}`;
      const mounted = name === "net" ? mountedNetwork(process, path) : undefined;
      if (mounted instanceof Errno) return call.fail(`cannot open ${path}: ${mounted.message}`);
      if (mounted !== undefined) {
        named = mounted;
        continue;
      }
      const target = targetOf(process, path);
      if (target instanceof Errno) return call.fail(`cannot open ${path}: ${target.message}`);
      if (typeof target === "string") {
        await process.error(`drydock: nsenter: ${target} is not simulated\n`);
        return 64;
      }
      targets.set(name, target);
    }
    if (wanted.length > 0 && !capable(process, "SYS_ADMIN"))
      return call.fail(`reassociate to namespaces failed: ${new Errno("EPERM").message}`);
    return enter(call, targets, words, named);
  },
});

/** The network namespace that `ip netns add` or a CNI plugin has mounted on a file; undefined for other places. */
function mountedNetwork(process: Process, path: string): string | Errno | undefined {
  const full = resolve(process.cwd, path);
  const [, name] = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(full) ?? [];
  if (name === undefined) {
    if (full.startsWith("/proc/")) return undefined;
    const stat = attempt(() => process.host.files.stat(full, process));
    return stat instanceof Errno ? stat : undefined;
  }
  const found = namespaceAt(process.host, full, process);
  return found instanceof Errno ? found : (found?.id ?? new Errno("EINVAL"));
}

/** The process whose namespace a file under /proc is. */
function targetOf(process: Process, path: string): ProcessRow | Errno | string {
  const [, pid] = /^\/proc\/(\d+)\/ns\/\w+$/.exec(path) ?? [];
  if (pid === undefined) return `a namespace by its file (${path})`;
  const row = process.host.processByPid(Number(pid));
  if (!row) return new Errno("ENOENT");
  // Whoever lacks what the other has may not look (ptrace_may_access).
  const other = process.machine.hosts.host(row.host);
  const less = process.uid !== 0 || (!capable(process, "SYS_PTRACE") && other !== process.host);
  return less ? new Errno("EACCES") : row;
}

async function enter(
  call: Call<string>,
  targets: ReadonlyMap<Namespace, ProcessRow>,
  words: readonly string[],
  named: string | undefined,
): Promise<number> {
  const { process } = call;
  const hostOf = (row: ProcessRow | undefined): Host | undefined => row && process.machine.hosts.host(row.host);
  const files = hostOf(targets.get("mount"));
  const net = targets.get("net");
  const netns = named ?? (net && (net.netns ?? hostOf(net)!.row.netns));
  if (files && files !== process.host) {
    const ended = await runAmongFilesOf(process, files, words, netns === undefined ? {} : { netns });
    if (!(ended instanceof Errno)) return ended;
    await call.say(`failed to execute ${words[0]!}: ${ended.message}`);
    return codeOf(ended);
  }
  const alone = [...targets.keys()].find(
    (name) => name !== "net" && name !== "mount" && hostOf(targets.get(name)) !== process.host,
  );
  if (alone && !files) {
    await process.error(`drydock: nsenter: '--${alone}' without '--mount' is not simulated\n`);
    return 64;
  }
  if (netns !== undefined) process.update({ netns });
  const directory = call.value("wd");
  if (directory) {
    const stat = attempt(() => process.host.files.stat(directory, process));
    if (stat instanceof Errno) return call.fail(`cannot open ${directory}: ${stat.message}`);
    process.update({ cwd: resolve(process.cwd, directory) });
  }
  // Groups are given up with the first of them (setgroups(0)).
  const [uid, gid] = [call.value("setuid"), call.value("setgid")];
  if (gid !== undefined && gid !== "follow") process.update({ gid: Number(gid), groups: [Number(gid)] });
  if (uid !== undefined && uid !== "follow") process.update({ uid: Number(uid) });
  const error = await becomeCommand(process, words);
  await call.say(`failed to execute ${words[0]!}: ${error.message}`);
  return codeOf(error);
}
