import { systemdOf } from "../../server/sim/host/index.ts";
import {
  findLink,
  listChains,
  listRoutes,
  netfilterOf,
  readSysctl,
  routeText,
  ruleText,
  shownOperState,
  TABLE_MAIN,
} from "../../server/sim/net/index.ts";
import { Broken } from "../broken.ts";
import type { NodeSpec } from "../checks/node-spec.ts";
import { copyOf } from "../copy.ts";
import type { Place } from "../scene/place.ts";
import { Scene } from "../scene/scene.ts";
import { runCommand } from "./command.ts";

/** Something that a machine says of itself. */
export interface Fact {
  /** What it is about: `the unit kubelet.service`. */
  readonly what: string;
  readonly value: string | readonly string[] | undefined;
  /** The command that shows it. */
  readonly command: string;
}

/** Reads what a check of kind `node` asks for. Throws Broken if there can be no such thing. */
export async function machineFact(scene: Scene, place: Place, spec: NodeSpec): Promise<Fact> {
  const { host, ns } = place;
  if ("unit" in spec) {
    const name = spec.unit.includes(".") ? spec.unit : `${spec.unit}.service`;
    const { active } = systemdOf(host.machine).state(name);
    return { what: `the unit ${name}`, value: active, command: `systemctl status ${name}` };
  }
  if ("link" in spec) {
    const link = findLink(ns, spec.link);
    return { what: `the link ${spec.link}`, value: link && shownOperState(link), command: `ip link show ${spec.link}` };
  }
  if ("address" in spec) {
    const link = findLink(ns, spec.address);
    const texts = (link ? (ns.addresses.get(link.index) ?? []) : []).map(({ local, length }) => `${local}/${length}`);
    // Nobody gave a link its link-local address.
    const given = texts.filter((text) => !text.startsWith("fe80:"));
    return {
      what: `the address of ${spec.address}`,
      value: oneOrMany(given),
      command: `ip -br addr show ${spec.address}`,
    };
  }
  if ("sysctl" in spec) {
    const read = readSysctl(ns, spec.sysctl.replaceAll(".", "/"));
    if (!read.ok) throw new Broken(`${place.name} has no sysctl ${spec.sysctl}`);
    return { what: spec.sysctl, value: read.value.trim(), command: `sysctl ${spec.sysctl}` };
  }
  if ("route" in spec) {
    const to = spec.route === "default" ? "0.0.0.0/0" : spec.route.includes("/") ? spec.route : `${spec.route}/32`;
    const routes = listRoutes(ns, to.includes(":") ? 6 : 4).filter((row) => row.table === TABLE_MAIN && row.to === to);
    const value = oneOrMany(routes.map((row) => routeText(ns, row).trim()));
    return { what: `the route to ${spec.route}`, value, command: `ip route show ${spec.route}` };
  }
  if ("chain" in spec) {
    const chain = listChains(netfilterOf(ns), spec.table).find(({ name }) => name === spec.chain);
    const value = chain?.rules.map((rule) => ruleText(spec.chain, rule));
    const command = `iptables -t ${spec.table} -S ${spec.chain}`;
    return { what: `chain ${spec.chain} of ${spec.table}`, value, command };
  }
  if ("rule" in spec) return rule(scene, place, spec.rule);
  if ("socket" in spec) return listener(place, spec);
  if ("process" in spec) {
    const rows = host.processes().filter(({ comm, state }) => state !== "zombie" && comm === spec.process.slice(0, 15));
    const value = oneOrMany(rows.map(({ argv }) => argv.join(" ")));
    return { what: `the process ${spec.process}`, value, command: `pgrep -a ${spec.process}` };
  }
  return staticPod(scene, place, spec.staticPod);
}

function oneOrMany(values: readonly string[]): Fact["value"] {
  return values.length > 1 ? values : values[0];
}

async function rule(scene: Scene, place: Place, wanted: number | "all"): Promise<Fact> {
  const command = wanted === "all" ? "ip rule" : `ip rule show pref ${wanted}`;
  const lines = (await linesOf(scene, place, command)).map((line) => line.replaceAll("\t", " ").trim());
  return {
    what: wanted === "all" ? "the rules of routing" : `the rule of routing ${wanted}`,
    value: wanted === "all" ? lines : oneOrMany(lines),
    command,
  };
}

function listener(place: Place, { socket, protocol, at }: Extract<NodeSpec, { socket: number }>): Fact {
  const rows = [...place.ns.sockets.values()].filter(
    (row) =>
      row.protocol === protocol &&
      row.port === socket &&
      (protocol === "udp" || row.state === "listen") &&
      (at === undefined || row.address === at),
  );
  const { machine } = place.host;
  const names = rows.map(({ pid }) => (pid === undefined ? undefined : machine.process(pid)?.comm) ?? "the kernel");
  const where = at === undefined ? String(socket) : `${at}:${socket}`;
  return {
    what: `who listens on ${protocol} port ${where}`,
    value: oneOrMany([...new Set(names)]),
    command: `ss -${protocol === "tcp" ? "t" : "u"}lnp sport = :${socket}`,
  };
}

/** The newest container whose Pod has the static Pod's name, as the container runtime knows it: the API server may be down. */
async function staticPod(scene: Scene, place: Place, name: string): Promise<Fact> {
  const pod = `${name}-${place.host.hostname}`;
  const command = `crictl ps -a --latest --label io.kubernetes.pod.name=${pod}`;
  const text = (await linesOf(scene, place, `${command} -o json`)).join("\n");
  const { containers } = JSON.parse(text) as { containers?: readonly { state: string }[] };
  const value = containers?.[0]?.state.replace(/^CONTAINER_/, "").toLowerCase();
  return { what: `the static Pod ${name}`, value, command };
}

async function linesOf(scene: Scene, { name }: Place, command: string): Promise<string[]> {
  const world = copyOf(scene.world);
  const machine = /^netns (\S+) on (.*)$/.exec(name);
  const place = machine ? new Scene(world).machine(machine[2]!, machine[1]) : new Scene(world).machine(name);
  const { exitCode, stdout, stderr } = await runCommand(world, place, command);
  if (exitCode !== 0) throw new Broken(`${command} on ${name}: exit code ${exitCode ?? "none"}, ${stderr.trim()}`);
  return stdout.split("\n").filter((line) => line.trim() !== "");
}
