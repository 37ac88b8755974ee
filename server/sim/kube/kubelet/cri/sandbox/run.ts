import { attempt, Errno, type ExitStatus } from "../../../../host/index.ts";
import type { JsonObject } from "../../../api/index.ts";
import { writeSysctl } from "../../../../net/index.ts";
import { rpcError, type Done, type PodSandboxConfig } from "../api.ts";
import { beginChain, LOOPBACK, pluginEnded, runPlugin, type PluginParent, type Progress } from "../cni/chain.ts";
import { addressesOf } from "../cni/result.ts";
import { addImage, findImage, imageOf, resolveImage } from "../image/images.ts";
import { PACE, pullTime } from "../pace.ts";
import type { OperationRow, SandboxRow } from "../rows.ts";
import { EVENTS, type Containerd } from "../runtime.ts";
import { removeSandboxFiles, writeSandboxFiles } from "./files.ts";
import { dropNamespace, makeNamespace } from "./namespace.ts";

type RunOperation = Extract<OperationRow, { kind: "run-sandbox" }>;

const SHIM = "/usr/bin/containerd-shim-runc-v2";
const PAUSE_UID = 65_535;

/** RunPodSandbox: answers with `{ id }` (containerd pkg/cri/server/sandbox_run.go). */
export function runSandbox(runtime: Containerd, config: PodSandboxConfig, done: Done): void {
  if (runtime.refuses(done)) return;
  const op = runtime.begin("run-sandbox", { id: runtime.newId(), config, step: "pull" }, done);
  const { sandboxImage } = runtime.config;
  const image = findImage(runtime, sandboxImage);
  if (image) return network(runtime, runtime.update(op, { image: image.id }));
  const found = resolveImage(runtime, sandboxImage);
  runtime.later(op, pullTime("error" in found ? 0 : found.image.size));
}

export function stepRunSandbox(runtime: Containerd, op: RunOperation): void {
  if (op.data.step === "start") return start(runtime, op);
  const { sandboxImage } = runtime.config;
  const found = resolveImage(runtime, sandboxImage);
  if ("error" in found)
    return runtime.finish(
      op,
      rpcError(`failed to get sandbox image ${JSON.stringify(sandboxImage)}: ${pullWords(sandboxImage, found.error)}`),
    );
  const row = addImage(runtime, found.reference, found.image);
  network(runtime, runtime.update(op, { image: row.id }));
}

/** What ensureImageExists says around the error of a pull, of which the code is not shown again. */
function pullWords(reference: string, error: string): string {
  return `failed to pull image ${JSON.stringify(reference)}: ${error.replace(/^rpc error: code = \w+ desc = /, "")}`;
}

function network(runtime: Containerd, op: RunOperation): void {
  const { id, config } = op.data;
  const missing = missingBinary(runtime);
  if (missing !== undefined) return runtime.finish(op, rpcError(missing));
  writeSandboxFiles(runtime, id, config);
  if (config.hostNetwork) {
    const placed = runtime.update(op, { step: "start", netns: runtime.host.netns });
    return void runtime.later(placed, PACE.startSandbox);
  }
  const made = makeNamespace(runtime, `Pod ${config.namespace}/${config.name}`);
  const here = runtime.update(op, { ...made, step: "network" });
  const { network } = runtime.cni;
  if (!network) return networkFailed(runtime, here, "cni plugin not initialized");
  const chain = beginChain({
    command: "ADD",
    containerId: id,
    netns: made.netnsPath,
    args: cniArguments(id, config),
    binDirs: runtime.config.cniBinDirs,
    capabilities: capabilities(config),
    networks: [LOOPBACK, { config: network, interfaceName: "eth0" }],
  });
  proceed(runtime, here, runPlugin(pluginParent(runtime, here), chain));
}

/** A plugin of the chain has ended. */
export function runSandboxPlugin(runtime: Containerd, op: RunOperation, status: ExitStatus): void {
  const output = runtime.outputs.get(op.id);
  if (!op.data.chain || !output) return;
  proceed(runtime, op, pluginEnded(pluginParent(runtime, op), op.data.chain, output, status));
}

/** After a restore: the plugin that ran then is started again. */
export function resumeRunSandbox(runtime: Containerd, op: RunOperation): void {
  if (op.data.chain) proceed(runtime, op, runPlugin(pluginParent(runtime, op), op.data.chain));
}

function proceed(runtime: Containerd, op: RunOperation, progress: Progress): void {
  if ("waiting" in progress) {
    runtime.outputs.set(op.id, progress.output);
    return void runtime.update(op, { chain: progress.waiting });
  }
  runtime.outputs.delete(op.id);
  if (op.data.step === "teardown") {
    const error = op.data.error!;
    return "error" in progress ? keep(runtime, op, error, progress.error) : cleanUp(runtime, op, error);
  }
  if ("error" in progress) return networkFailed(runtime, op, progress.error);
  const { id } = op.data;
  const ips = addressesOf(progress.done.result ?? {}, "eth0");
  if (ips.length === 0)
    return networkFailed(runtime, op, `failed to find network info for sandbox ${JSON.stringify(id)}`);
  runtime.later(runtime.update(op, { step: "start", ips }), PACE.startSandbox);
}

function networkFailed(runtime: Containerd, op: RunOperation, why: string): void {
  failed(runtime, op, `failed to setup network for sandbox ${JSON.stringify(op.data.id)}: ${why}`);
}

/** It could not be started: its network is torn down, then the error is told. */
function failed(runtime: Containerd, op: RunOperation, error: string): void {
  const { id, config, netnsPath } = op.data;
  if (config.hostNetwork) return cleanUp(runtime, op, error);
  const here = runtime.update(op, { step: "teardown", error });
  const { network } = runtime.cni;
  if (!network) return keep(runtime, here, error, "cni plugin not initialized");
  const chain = beginChain({
    command: "DEL",
    containerId: id,
    netns: netnsPath!,
    args: cniArguments(id, config),
    binDirs: runtime.config.cniBinDirs,
    capabilities: capabilities(config),
    networks: [LOOPBACK, { config: network, interfaceName: "eth0" }],
  });
  proceed(runtime, here, runPlugin(pluginParent(runtime, here), chain));
}

function cleanUp(runtime: Containerd, op: RunOperation, error: string): void {
  const { id, netns, netnsPath } = op.data;
  if (netns !== undefined && netnsPath !== undefined) dropNamespace(runtime, netns, netnsPath);
  removeSandboxFiles(runtime, id);
  logFailure(runtime, op, error);
  runtime.finish(op, rpcError(error));
}

/** Cleaning up failed, too: the sandbox stays, for the kubelet to stop it some time. */
function keep(runtime: Containerd, op: RunOperation, error: string, cleanup: string): void {
  const { id } = op.data;
  runtime.log("error", `Failed to destroy network for sandbox ${JSON.stringify(id)}`, { error: cleanup });
  runtime.sandboxes.set(id, { ...sandboxRow(runtime, op), state: "unknown", createdAt: 0 });
  logFailure(runtime, op, error);
  runtime.finish(op, rpcError(error));
}

function logFailure(runtime: Containerd, { data }: RunOperation, error: string): void {
  runtime.log("error", `RunPodSandbox for ${metadataText(data.config)} failed, error`, { error });
}

/** As Go prints a PodSandboxMetadata. */
function metadataText({ name, uid, namespace, attempt }: PodSandboxConfig): string {
  return `&PodSandboxMetadata{Name:${name},Uid:${uid},Namespace:${namespace},Attempt:${attempt},}`;
}

function start(runtime: Containerd, op: RunOperation): void {
  const { id, config, netns } = op.data;
  const { host, machine } = runtime;
  const problem = cgroupProblem(runtime, config.cgroupParent, id) ?? setSysctls(runtime, config, netns!);
  if (problem !== undefined) return failed(runtime, op, problem);
  const common = { host: host.name, pgid: 0, sid: 0, gid: 0, groups: [0], umask: 0o022, cwd: "/", env: {} };
  const onExit = { kind: EVENTS.sandboxEnded, args: { machine: machine.name, sandbox: id } };
  const shimPid = machine.addProcess(host, {
    ...common,
    ppid: 1,
    uid: 0,
    comm: "containerd-shim",
    argv: [SHIM, "-namespace", "k8s.io", "-id", id, "-address", runtime.config.address],
    exe: SHIM,
    onExit,
  });
  const pid = machine.addProcess(host, {
    ...common,
    ppid: shimPid,
    uid: PAUSE_UID,
    gid: PAUSE_UID,
    groups: [PAUSE_UID],
    comm: "pause",
    argv: ["/pause"],
    exe: "/pause",
    netns: netns!,
    onExit,
  });
  if (config.pidNamespace === "pod") machine.ownNamespace(pid, id);
  runtime.sandboxes.set(id, { ...sandboxRow(runtime, op), state: "ready", pid, shimPid });
  runtime.log("info", `RunPodSandbox for ${metadataText(config)} returns sandbox id ${JSON.stringify(id)}`);
  runtime.finish(op, { ok: { id } });
}

function sandboxRow(runtime: Containerd, op: RunOperation): Omit<SandboxRow, "state"> {
  const { id, config, netns, netnsPath, ips = [], image } = op.data;
  const row = runtime.images.get(image!);
  return {
    id,
    config,
    createdAt: runtime.kernel.now,
    ips,
    image: row ? imageOf(runtime, row).name : "",
    ...(netns === undefined ? {} : { netns }),
    ...(netnsPath === undefined ? {} : { netnsPath }),
  };
}

export function pluginParent(runtime: Containerd, op: OperationRow): PluginParent {
  const running = runtime.running!;
  return {
    host: runtime.host,
    pid: running.pid,
    env: runtime.machine.process(running.pid)?.env ?? {},
    onExit: { kind: EVENTS.plugin, args: { machine: runtime.machine.name, op: op.id } },
  };
}

/** toCNILabels, in the order that its users see most. */
export function cniArguments(id: string, { namespace, name, uid }: PodSandboxConfig): string {
  return `IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name};K8S_POD_INFRA_CONTAINER_ID=${id};K8S_POD_UID=${uid}`;
}

/** cniNamespaceOpts: what plugins with the capability get as runtimeConfig. */
export function capabilities({ portMappings, dns }: PodSandboxConfig): JsonObject {
  const mapped = portMappings
    .filter(({ hostPort }) => hostPort > 0)
    .map(({ hostPort, containerPort, protocol, hostIP }) => ({
      hostPort,
      containerPort,
      protocol: protocol.toLowerCase(),
      hostIP,
    }));
  return {
    ...(mapped.length > 0 ? { portMappings: mapped } : {}),
    ...(dns ? { dns: { Servers: [...dns.servers], Searches: [...dns.searches], Options: [...dns.options] } } : {}),
  };
}

/** runc with the systemd driver wants slices; a kubelet with the other driver gives it paths. */
function cgroupProblem(runtime: Containerd, parent: string, id: string): string | undefined {
  if (!runtime.config.systemdCgroup || parent.endsWith(".slice")) return undefined;
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got ${JSON.stringify(`${parent}/${id}`)} instead: unknown`;
}

/** Those of the network namespace have their effect there; others cannot be seen in this simulation. runc's words. */
function setSysctls(runtime: Containerd, { sysctls }: PodSandboxConfig, netns: string): string | undefined {
  const namespace = runtime.network.find(netns);
  for (const [name, value] of Object.entries(sysctls)) {
    const path = name.replaceAll(".", "/");
    if (!path.startsWith("net/")) return `drydock: sysctl ${JSON.stringify(name)} is not simulated`;
    const written = namespace && writeSysctl(namespace, path, value);
    if (written?.ok) continue;
    const why = written?.errno === "EINVAL" ? "invalid argument" : "no such file or directory";
    return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: open /proc/sys/${path}: ${why}: unknown`;
  }
  return undefined;
}

/** A program that sandboxes need and that is gone from the machine. */
function missingBinary({ host }: Containerd): string | undefined {
  const missing = (path: string): boolean => attempt(() => host.files.stat(path)) instanceof Errno;
  if (missing(SHIM))
    return 'failed to create containerd task: failed to start shim: failed to resolve runtime path: runtime "io.containerd.runc.v2" binary not installed "containerd-shim-runc-v2": file does not exist: unknown';
  if (["/usr/bin/runc", "/usr/sbin/runc", "/usr/local/sbin/runc"].every(missing))
    return 'failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/containerd/io.containerd.runtime.v2.task/k8s.io/log.json: no such file or directory): exec: "runc": executable file not found in $PATH: unknown';
  return undefined;
}
