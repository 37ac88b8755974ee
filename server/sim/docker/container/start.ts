import { encode, MILLISECOND, SECOND } from "../../kernel/index.ts";
import { parseSignal } from "../../host/index.ts";
import { addNamespace, bringUp, findLink, removeNamespace } from "../../net/index.ts";
import { Directory, openLog, runContainer } from "../../kube/kubelet/index.ts";
import { isRefused, type Engine, type Refused } from "../engine.ts";
import { plugIn, unplug } from "../network/endpoint.ts";
import { publish, unpublish } from "../network/ports.ts";
import { hasResolver, startResolver } from "../network/resolver.ts";
import type { DockerContainer, EndpointRow, NetworkRow } from "../rows.ts";
import { forget, ROOT, sandboxOf } from "./create.ts";
import { etcFiles } from "./etc-files.ts";

const SHIM = "/usr/bin/containerd-shim-runc-v2";
export const RESTART = "docker/restart";
/** Before a policy restarts a container; doubled each time (restartmanager). */
const BACKOFF = 100 * MILLISECOND;
const LONGEST_BACKOFF = 60 * SECOND;

/** Starts a container: network, ports, then its first process (daemon/start.go). What is wrong is kept as its error. */
export function startContainer(engine: Engine, id: string): Refused | undefined {
  const { runtime } = engine;
  if (engine.isRunning(id)) return undefined;
  const problem = begin(engine, engine.update(id, { stopped: false, problem: "" }));
  if (problem === undefined) return undefined;
  release(engine, id);
  engine.update(id, { problem });
  const task = engine.task(id);
  const code = /executable file not found|no such file/.test(problem)
    ? 127
    : /permission denied/.test(problem)
      ? 126
      : 128;
  runtime.containers.set(id, { ...task, state: task.state === "created" ? "created" : "exited", exitCode: code });
  return { error: problem };
}

function begin(engine: Engine, row: DockerContainer): string | undefined {
  const { runtime, machine, host } = engine;
  const joined = join(engine, row);
  if (isRefused(joined)) return joined.error;
  const { netns, placed } = joined;
  const common = { host: host.name, pgid: 0, sid: 0, uid: 0, gid: 0, groups: [0], umask: 0o022, cwd: "/", env: {} };
  const shimPid = machine.addProcess(host, {
    ...common,
    ppid: 1,
    comm: "containerd-shim",
    argv: [SHIM, "-namespace", "moby", "-id", row.id, "-address", "/run/containerd/containerd.sock"],
    exe: SHIM,
  });
  runtime.sandboxes.set(row.id, { ...sandboxOf(engine, placed, netns), shimPid });
  const inside = machine.hosts.host(row.id)!;
  inside.update({ netns, utsns: netns === host.netns ? machine.name : row.id });
  writeEtcFiles(engine, placed);
  const now = engine.kernel.now;
  const task = {
    ...engine.task(row.id),
    state: "running" as const,
    startedAt: now,
    exitCode: 0,
    reason: "",
    message: "",
  };
  runtime.containers.set(row.id, { ...task, log: openLog(runtime, task) });
  inside.update({ nextPid: 1 });
  const why = runContainer(runtime, engine.task(row.id));
  if (why === undefined) return undefined;
  // The daemon itself looks the user up, before containerd is asked (oci_linux.go WithUser).
  const user = /unable to find (?:user|group) .* file/.exec(why)?.[0];
  return user ?? why.replace(/^failed to create containerd task: /, "failed to create task for container: ");
}

interface Joined {
  readonly netns: string;
  readonly placed: DockerContainer;
}

/** Gives a container its network namespace, and a place in each of its networks. */
function join(engine: Engine, row: DockerContainer): Joined | Refused {
  const { spec } = row;
  if (spec.networkMode === "host") return { netns: engine.host.netns, placed: row };
  if (row.sharesWith !== undefined) {
    const other = engine.containers.get(row.sharesWith);
    if (!other) return { error: `joining network namespace of container: No such container: ${row.sharesWith}` };
    if (!engine.isRunning(other.id) || other.netns === undefined)
      return {
        error: `cannot join network namespace of a non running container: container ${other.id} is ${engine.task(other.id).state}`,
      };
    return { netns: other.netns, placed: row };
  }
  if (Object.keys(row.endpoints).length === 0)
    return { error: `failed to set up container networking: network ${spec.networkMode} not found` };
  const ns = addNamespace(engine.network, engine.machine.name, { label: `container ${row.name}` });
  bringUp(ns, findLink(ns, "lo")!.index);
  let placed = engine.update(row.id, { netns: ns.id });
  for (const name of Object.keys(row.endpoints)) {
    const done = connectRunning(engine, placed, name);
    if (isRefused(done)) return done;
    placed = done;
  }
  return { netns: ns.id, placed };
}

/** Plugs a container with a network namespace into one of its networks, and publishes its ports with the first that leads out. */
export function connectRunning(engine: Engine, row: DockerContainer, name: string): DockerContainer | Refused {
  const endpoint = row.endpoints[name]!;
  const network = engine.networks.get(endpoint.network);
  if (!network) return { error: `failed to set up container networking: network ${endpoint.network} not found` };
  if (network.driver !== "bridge") return row;
  const ns = engine.network.namespace(row.netns!);
  const plugged = plugIn(engine, ns, network, endpoint);
  if (isRefused(plugged)) return { error: `failed to set up container networking: ${plugged.error}` };
  const here = engine.update(row.id, { endpoints: { ...row.endpoints, [name]: plugged } });
  if (name !== "bridge" && !hasResolver(ns)) startResolver(engine, row.id, ns);
  if (engine.isRunning(row.id)) writeEtcFiles(engine, here);
  if (network.internal || here.bound.length > 0 || (here.spec.ports.length === 0 && !here.spec.publishAll)) return here;
  const bound = publish(engine, here, network, plugged.id, plugged.plug!.address);
  return isRefused(bound) ? bound : engine.update(row.id, { bound });
}

/** Writes what the engine keeps of a container's /etc: it has changed with its networks. */
export function writeEtcFiles(engine: Engine, row: DockerContainer): void {
  const directory = Directory.at(engine.host, ROOT, 0o710).make(row.id, 0o710);
  for (const [name, text] of Object.entries(etcFiles(engine, row))) directory.write(name, encode(text));
}

/** Takes a container that has ended out of its networks. */
export function release(engine: Engine, id: string): void {
  const row = engine.containers.get(id);
  if (!row) return;
  const { machine, runtime, network } = engine;
  const endpoints: Record<string, EndpointRow> = {};
  let left = row;
  for (const name of Object.keys(row.endpoints)) {
    const place = networkOf(engine, row, name);
    if (place && row.bound.length > 0 && row.endpoints[name]!.plug)
      unpublish(engine, place, row.endpoints[name]!.plug.address, row.bound);
    endpoints[name] = unplug(engine, left, name);
    left = { ...left, endpoints: { ...left.endpoints, [name]: endpoints[name] } };
  }
  const { netns, ...rest } = row;
  engine.containers.set(id, { ...rest, endpoints, bound: [] });
  const shim = runtime.sandboxes.get(id)?.shimPid;
  if (shim !== undefined && machine.isAlive(shim)) machine.endDaemon(shim, { code: 0 });
  if (netns !== undefined && network.find(netns)) removeNamespace(network, netns);
}

function networkOf(engine: Engine, row: DockerContainer, name: string): NetworkRow | undefined {
  return engine.networks.get(row.endpoints[name]!.network);
}

/** A container's first process has ended: it is released, removed or restarted, as it was asked for. */
export function containerEnded(engine: Engine, id: string): void {
  release(engine, id);
  const row = engine.containers.get(id);
  if (!row || engine.pid === undefined) return;
  const { exitCode } = engine.task(id);
  const { restart, autoRemove } = row.spec;
  const again =
    !row.stopped &&
    (restart.name === "always" ||
      restart.name === "unless-stopped" ||
      (restart.name === "on-failure" && exitCode !== 0 && (restart.most === 0 || row.restartCount < restart.most)));
  if (again) {
    engine.update(id, { restartCount: row.restartCount + 1 });
    const wait = Math.min(BACKOFF * 2 ** row.restartCount, LONGEST_BACKOFF);
    engine.kernel.after(wait, RESTART, { machine: engine.machine.name, container: id });
  } else if (autoRemove) forget(engine, id, { volumes: true });
}

/** Sends the stop signal; SIGKILL follows when the grace is over, if the caller waits for it (`killContainer`). */
export function signalContainer(engine: Engine, id: string, name: string | undefined): void {
  const row = engine.containers.get(id)!;
  const task = engine.task(id);
  const image = engine.runtime.source.byName(task.image);
  const signal = parseSignal(name ?? row.spec.stopSignal ?? image?.config.stopSignal ?? "SIGTERM") ?? "SIGTERM";
  if (task.pid !== undefined) engine.machine.signal(task.pid, signal);
}

/** Removes a container that does not run. */
export function removeContainer(engine: Engine, id: string, options: { readonly volumes?: boolean } = {}): void {
  release(engine, id);
  forget(engine, id, options);
}
