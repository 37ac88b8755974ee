import {
  directory,
  file,
  memoryOf,
  usageOf,
  type Machine,
  type ProcessRow,
  type ViewContext,
  type ViewNode,
} from "../../../host/index.ts";
import type { LinuxResources } from "./api.ts";
import type { Containerd } from "./runtime.ts";

const CONTROLLERS = "cpuset cpu io memory hugetlb pids rdma misc\n";

/** A control group of version 2: who is in it, and what it may use. */
interface Group {
  readonly processes: readonly ProcessRow[];
  readonly resources: LinuxResources | undefined;
  /** Bytes in use, and how often there were too many. */
  readonly memory: number;
  readonly oomKills: number;
}

/**
 * /sys/fs/cgroup: in a container its own group, on a machine the tree of kubepods. What limits there are is what runc was told;
 * use is the usage model's. Memory limits end processes (host/process/memory.ts); CPU quotas slow nobody down.
 */
export function cgroupFiles(runtimeOf: (machine: Machine) => Containerd): ViewNode<ViewContext> {
  const view = (context: ViewContext): ViewNode<ViewContext> => {
    const { host } = context;
    const runtime = runtimeOf(host.machine);
    if (host.isContainer) return groupDirectory(ofContainer(runtime, host.name), []);
    return machineTree(runtime);
  };
  const cgroup: ViewNode<ViewContext> = {
    type: "dir",
    list: (context) => {
      const node = view(context);
      return node.type === "dir" ? node.list(context) : [];
    },
    child: (context, name) => {
      const node = view(context);
      return node.type === "dir" ? node.child(context, name) : undefined;
    },
  };
  // The kernel has a place for the file system of eBPF, too.
  return directory<ViewContext>({ fs: directory<ViewContext>({ bpf: directory<ViewContext>({}), cgroup }) });
}

function ofContainer(runtime: Containerd, id: string): Group {
  const { machine } = runtime;
  return {
    processes: machine.processesOf(id).filter(({ state }) => state !== "zombie"),
    resources: runtime.containers.get(id)?.config.resources,
    memory: memoryOf(machine, id),
    oomKills: machine.hosts.host(id)?.row.oomKills ?? 0,
  };
}

/** A machine's tree at a moment: a walk through it asks for every entry. */
const SEEN = new WeakMap<Machine, { readonly at: string; readonly node: ViewNode<ViewContext> }>();

function machineTree(runtime: Containerd): ViewNode<ViewContext> {
  const { kernel, machine } = runtime;
  const at = `${kernel.now}/${kernel.state.generation()}`;
  let seen = SEEN.get(machine);
  if (seen?.at !== at) SEEN.set(machine, (seen = { at, node: below(tree(runtime), "") }));
  return seen.node;
}

/** The groups of a machine by path: those of Pods, their containers and pause processes. */
function tree(runtime: Containerd): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const sandbox of runtime.sandboxes.values()) {
    if (sandbox.state !== "ready") continue;
    const parent = sandbox.config.cgroupParent;
    const systemd = parent.endsWith(".slice");
    const leaf = (id: string): string => `${parent}/${systemd ? `cri-containerd-${id}.scope` : id}`;
    const pause = sandbox.pid === undefined ? undefined : runtime.machine.process(sandbox.pid);
    const members: Group[] = [
      {
        processes: pause ? [pause] : [],
        resources: undefined,
        memory: pause ? usageOf(pause, runtime.kernel.now).resident * 1024 : 0,
        oomKills: 0,
      },
    ];
    groups.set(leaf(sandbox.id), members[0]!);
    for (const row of runtime.containers.values()) {
      if (row.sandbox !== sandbox.id || row.state !== "running") continue;
      const group = ofContainer(runtime, row.id);
      members.push(group);
      groups.set(leaf(row.id), group);
    }
    groups.set(parent, ofPod(members));
    for (let path = above(parent); path !== ""; path = above(path))
      if (!groups.has(path)) groups.set(path, { processes: [], resources: undefined, memory: 0, oomKills: 0 });
  }
  return groups;
}

function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** A Pod's group: limits only if all its containers have them (cm/helpers_linux.go ResourceConfigForPod). */
function ofPod(members: readonly Group[]): Group {
  const containers = members.slice(1).flatMap(({ resources }) => (resources ? [resources] : []));
  const sum = (key: "cpuQuota" | "memoryLimitInBytes"): number =>
    containers.every((one) => one[key] > 0) ? containers.reduce((total, one) => total + one[key], 0) : 0;
  return {
    processes: [],
    resources: {
      cpuPeriod: 100_000,
      cpuQuota: sum("cpuQuota"),
      cpuShares: Math.max(
        containers.reduce((total, one) => total + (one.cpuShares > 2 ? one.cpuShares : 0), 0),
        2,
      ),
      memoryLimitInBytes: sum("memoryLimitInBytes"),
      oomScoreAdj: 0,
    },
    memory: members.reduce((total, { memory }) => total + memory, 0),
    oomKills: members.reduce((total, { oomKills }) => total + oomKills, 0),
  };
}

function below(groups: ReadonlyMap<string, Group>, path: string): ViewNode<ViewContext> {
  const names = new Set<string>();
  for (const other of groups.keys())
    if (other.startsWith(`${path}/`)) names.add(other.slice(path.length + 1).split("/")[0]!);
  const children = [...names].map((name): [string, ViewNode<ViewContext>] => [name, below(groups, `${path}/${name}`)]);
  const group = groups.get(path);
  if (!group)
    return directory<ViewContext>({ "cgroup.controllers": file(() => CONTROLLERS), ...Object.fromEntries(children) });
  return groupDirectory(group, children);
}

function groupDirectory(
  { processes, resources, memory, oomKills }: Group,
  children: readonly [string, ViewNode<ViewContext>][],
): ViewNode<ViewContext> {
  const text = (value: string | number): ViewNode<ViewContext> => file(() => `${value}\n`);
  const limit = resources?.memoryLimitInBytes ?? 0;
  const quota = resources?.cpuQuota ?? 0;
  return directory<ViewContext>({
    "cgroup.controllers": file(() => CONTROLLERS),
    "cgroup.events": text(`populated ${processes.length > 0 || children.length > 0 ? 1 : 0}\nfrozen 0`),
    "cgroup.procs": file(({ host }) => processes.map((row) => `${host.pidOf(row)}\n`).join("")),
    "cgroup.type": text("domain"),
    "cpu.max": text(`${quota > 0 ? quota : "max"} ${resources?.cpuPeriod ?? 100_000}`),
    "cpu.stat": file(({ host }) => {
      const used = processes.reduce((total, row) => total + usageOf(row, host.kernel.now).time, 0);
      return `usage_usec ${Math.round(used)}\n`;
    }),
    "cpu.weight": text(cpuWeight(resources?.cpuShares ?? 1024)),
    "memory.current": text(memory),
    "memory.events": text(
      `low 0\nhigh 0\nmax ${oomKills}\noom ${oomKills}\noom_kill ${oomKills}\noom_group_kill ${oomKills}`,
    ),
    "memory.high": text("max"),
    "memory.low": text(0),
    "memory.max": text(limit > 0 ? limit : "max"),
    "memory.min": text(0),
    "memory.oom.group": text(1),
    "memory.swap.max": text(0),
    "pids.current": text(processes.length),
    "pids.max": text("max"),
    ...Object.fromEntries(children),
  });
}

/** runc's ConvertCPUSharesToCgroupV2Value */
export function cpuWeight(shares: number): number {
  return shares === 0 ? 0 : 1 + Math.floor(((shares - 2) * 9999) / 262_142);
}
