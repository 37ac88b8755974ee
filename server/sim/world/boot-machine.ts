import { SECOND, type Time } from "../kernel/index.ts";
import { programStub, ROOT, spawn, systemdOf, type FileSpec, type Host, type Machine } from "../host/index.ts";
import { dockerPackage } from "../docker/index.ts";
import { BOOTED_UNITS, ubuntu24HostFiles } from "../host/profiles/index.ts";
import {
  addAddress,
  addNamespace,
  addRoute,
  bringUp,
  createLink,
  defaultBroadcast,
  findLink,
  writeSysctl,
  type Namespace,
} from "../net/index.ts";
import type { MachineSpec, Topology } from "./topology.ts";
import type { World } from "./world.ts";
import { writeFiles } from "./write-files.ts";

/** The kernel is up this long before the first service is. */
const BOOTED_BEFORE = 9 * SECOND;
const FIRST_PID = 300;

/** Makes a machine: its network, files and processes, as after it was booted. */
export function bootMachine(world: World, topology: Topology, spec: MachineSpec): Machine {
  const { hosts, kernel, network } = world;
  const bootedAt: Time = kernel.now - BOOTED_BEFORE;
  const ns = addNamespace(network, spec.name);
  const hex = (what: string): string => kernel.random.hex(`machine/${spec.name}/${what}`, 32);
  const machine = hosts.addMachine(
    {
      name: spec.name,
      profile: spec.profile,
      cpus: spec.cpus,
      memory: spec.memory,
      bootedAt,
      bootId: hex("boot"),
      machineId: hex("id"),
    },
    ns.id,
    FIRST_PID + kernel.random.below(`machine/${spec.name}/pid`, 200),
  );
  wire(ns, spec);
  addInit(machine, bootedAt);
  if (spec.profile === "appliance") for (const daemon of spec.daemons ?? []) startAppliance(machine.host, daemon);
  else if (spec.profile === "debian12") {
    machine.host.update({ hostname: spec.name });
    writeFiles(machine.host, [{ path: "/etc/hostname", text: `${spec.name}\n` }]);
  } else {
    const others = topology.machines.flatMap(({ name, profile, interfaces }) =>
      profile === "appliance" || name === "outside" ? [] : [{ name, address: plain(interfaces[0]!.addresses[0]!) }],
    );
    writeFiles(machine.host, hostFiles(machine, spec, others));
    if (spec.packages?.includes("docker")) writeFiles(machine.host, dockerPackage());
    for (const unit of [...BOOTED_UNITS, ...(spec.units ?? [])]) systemdOf(machine).start(unit, { booted: true });
  }
  return machine;
}

function hostFiles(
  machine: Machine,
  spec: MachineSpec,
  hosts: readonly { name: string; address: string }[],
): FileSpec[] {
  return ubuntu24HostFiles({
    hostname: spec.name,
    machineId: machine.row.machineId,
    seed: machine.kernel.seed,
    hosts,
    nameservers: spec.nameservers ?? [],
  });
}

function wire(ns: Namespace, spec: MachineSpec): void {
  if (spec.loopback !== "down") bringUp(ns, findLink(ns, "lo")!.index);
  for (const { name, network, addresses } of spec.interfaces) {
    const made = createLink(ns, { kind: "physical", name, segment: network });
    if (!made.ok) throw new Error(`${spec.name}: ${name}: ${made.errno}`);
    bringUp(ns, made.value.index);
    for (const address of addresses) give(ns, name, address);
  }
  for (const address of spec.ownAddresses ?? []) give(ns, "lo", `${address}/32`);
  if (spec.gateway !== undefined) addRoute(ns, { to: "0.0.0.0/0", hops: [{ via: spec.gateway }] });
  for (const prefix of spec.blackholes ?? []) addRoute(ns, { type: "blackhole", to: prefix, hops: [] });
  if (spec.router) writeSysctl(ns, "net/ipv4/ip_forward", "1");
}

function give(ns: Namespace, link: string, prefix: string): void {
  const [local, digits] = prefix.split("/") as [string, string];
  const length = Number(digits);
  const broadcast = length < 31 ? { broadcast: defaultBroadcast(local, length) } : {};
  const added = addAddress(ns, findLink(ns, link)!, { local, length, ...broadcast });
  if (!added.ok) throw new Error(`${link}: ${prefix}: ${added.errno}`);
}

/** systemd as process 1. */
function addInit(machine: Machine, bootedAt: Time): void {
  machine.addInit({
    host: machine.name,
    ppid: 0,
    uid: 0,
    gid: 0,
    groups: [0],
    umask: 0o022,
    comm: "systemd",
    argv: ["/sbin/init"],
    exe: "/usr/lib/systemd/systemd",
    cwd: "/",
    env: {},
    startedAt: bootedAt,
  });
}

function startAppliance(host: Host, daemon: string): void {
  const path = `/usr/sbin/${daemon}`;
  host.files.mkdir("/usr/sbin", { parents: true });
  host.files.write(path, programStub(daemon), { mode: 0o755 }, { ...ROOT, umask: 0 });
  spawn(host, { path, argv: [path], env: {}, cwd: "/", as: ROOT, ppid: 1 });
}

function plain(prefix: string): string {
  return prefix.replace(/\/.*/, "");
}
