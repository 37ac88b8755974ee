import { encode } from "../../kernel/index.ts";
import { parseAddress } from "../../net/index.ts";
import { isInvalid, parseReference, type Image } from "../../images/index.ts";
import {
  bindMount, capabilitiesOf, Directory, findImage, makeContainerHost, nameOfBuilt, systemMounts, type ContainerConfig, type SandboxRow,
} from "../../kube/kubelet/index.ts"; // prettier-ignore
import { isRefused, type Engine, type Refused } from "../engine.ts";
import { addressProblem, newEndpoint } from "../network/endpoint.ts";
import type { ContainerSpec, DockerContainer, EndpointRow } from "../rows.ts";
import { removeAnonymous } from "../volume.ts";
import { etcFiles } from "./etc-files.ts";
import { fillVolume, mountsOf } from "./mounts.ts";

export const ROOT = "/var/lib/docker/containers";

/** What the engine says for an image that the machine does not have; the client then pulls it. */
export const NO_SUCH_IMAGE = "No such image: ";

/** Makes a container: its file system, its row, its places in networks (daemon/create.go). It does not run yet. */
export function createContainer(
  engine: Engine,
  spec: ContainerSpec,
  name: string | undefined,
): DockerContainer | Refused {
  const { runtime } = engine;
  const reference = parseReference(spec.image);
  const found = findImage(runtime, spec.image) ?? byShortId(engine, spec.image) ?? inBetween(engine, spec.image);
  if (!found) {
    if (isInvalid(reference)) return { error: reference.invalid };
    return {
      error: `${NO_SUCH_IMAGE}${spec.image.includes(":") || spec.image.includes("@") ? spec.image : `${spec.image}:latest`}`,
    };
  }
  const image = runtime.source.byName(found.name)!;
  if (name !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    return { error: `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed` };
  const taken = name === undefined ? undefined : [...engine.containers.values()].find((one) => one.name === name);
  if (taken)
    return {
      error: `Conflict. The container name "/${name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`,
    };
  const id = engine.newId();
  const endpoints = placesOf(engine, spec);
  if (isRefused(endpoints)) return endpoints;
  const shared = sharedWith(engine, spec);
  if (shared !== undefined && isRefused(shared)) return shared;
  const mounts = mountsOf(engine, spec, image.config.volumes);
  if (isRefused(mounts)) return mounts;
  const row: DockerContainer = {
    id,
    name: name ?? engine.freeName(),
    created: engine.kernel.now,
    imageId: image.id,
    spec,
    endpoints,
    mounts,
    bound: [],
    restartCount: 0,
    stopped: false,
    problem: "",
    ...(shared === undefined ? {} : { sharesWith: shared.id }),
  };
  const problem = build(engine, row, image);
  if (problem !== undefined) return { error: problem };
  engine.containers.set(id, row);
  return row;
}

/** An image by the beginning of its id. */
export function byShortId(engine: Engine, text: string) {
  if (!/^[0-9a-f]{4,64}$/.test(text)) return undefined;
  return [...engine.runtime.images.values()].find(({ id }) => id.startsWith(`sha256:${text}`));
}

/** An image that a build made on its way, by its id. */
function inBetween({ runtime }: Engine, id: string) {
  return runtime.builtImages.has(id) ? { id, name: nameOfBuilt(id) } : undefined;
}

function placesOf(engine: Engine, spec: ContainerSpec): Record<string, EndpointRow> | Refused {
  const { networkMode, aliases, address, mac } = spec;
  if (networkMode.startsWith("container:")) return {};
  const network = engine.findNetwork(networkMode);
  // A network that is not there is only missed when the container starts.
  if (isRefused(network)) return {};
  const wrong = addressProblem(network, address) ?? badAddress(address);
  if (wrong !== undefined) return { error: wrong };
  if (aliases.length > 0 && network.name === "bridge")
    return { error: "network-scoped alias is supported only for containers in user defined networks" };
  const wants = { aliases, ...(address === undefined ? {} : { address }), ...(mac === undefined ? {} : { mac }) };
  return { [network.name]: newEndpoint(engine, network, wants) };
}

function badAddress(address: string | undefined): string | undefined {
  return address !== undefined && parseAddress(address) === undefined ? `invalid IPv4 address: ${address}` : undefined;
}

function sharedWith(engine: Engine, { networkMode }: ContainerSpec): DockerContainer | Refused | undefined {
  const [, other] = /^container:(.*)$/.exec(networkMode) ?? [];
  return other === undefined ? undefined : engine.container(other);
}

/** What the runtime is told of a container. */
export function configOf({ id, name, imageId, spec }: DockerContainer): ContainerConfig {
  return {
    name,
    attempt: 0,
    image: imageId,
    userSpecifiedImage: spec.image,
    command: spec.entrypoint ?? [],
    args: spec.cmd,
    workingDir: spec.workingDir,
    env: spec.env.map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    }),
    mounts: [],
    labels: spec.labels,
    annotations: {},
    logPath: `${id}-json.log`,
    stdin: spec.stdin,
    stdinOnce: spec.stdinOnce,
    tty: spec.tty,
    ...(spec.stopSignal === undefined ? {} : { stopSignal: spec.stopSignal }),
    ...(spec.user === "" ? {} : { runAsUsername: spec.user }),
    supplementalGroups: [],
    readOnlyRoot: spec.readOnly,
    privileged: spec.privileged,
    capabilities: { add: spec.capAdd, drop: spec.capDrop },
    noNewPrivileges: false,
    seccomp: spec.privileged ? "Unconfined" : "RuntimeDefault",
    resources: { cpuPeriod: 0, cpuQuota: 0, cpuShares: 0, memoryLimitInBytes: 0, oomScoreAdj: 0 },
  };
}

function hostnameOf({ host }: Engine, id: string, { hostname, networkMode }: ContainerSpec): string {
  return hostname ?? (networkMode === "host" ? host.hostname : id.slice(0, 12));
}

/** The container's own network stack and process tree, in containerd's terms. */
export function sandboxOf(engine: Engine, { id, name, spec, created }: DockerContainer, netns: string): SandboxRow {
  return {
    id,
    config: {
      name,
      uid: id,
      namespace: "moby",
      attempt: 0,
      hostname: hostnameOf(engine, id, spec),
      logDirectory: `${ROOT}/${id}`,
      portMappings: [],
      labels: {},
      annotations: {},
      hostNetwork: spec.networkMode === "host",
      pidNamespace: "container",
      hostIpc: false,
      sysctls: {},
      cgroupParent: "system.slice",
    },
    state: "ready",
    createdAt: created,
    netns,
    ips: [],
    image: "",
  };
}

function build(engine: Engine, row: DockerContainer, image: Image): string | undefined {
  const { host, runtime, machine } = engine;
  const { id, spec } = row;
  const config = configOf(row);
  const sandbox = sandboxOf(engine, row, host.netns);
  runtime.sandboxes.set(id, sandbox);
  const made = makeContainerHost(runtime, id, sandbox, config, image, `container ${row.name}`);
  machine.hosts.makeTmpfs(`shm/${id}`, 64 * 1024 * 1024, 0o1777);
  const directory = Directory.at(host, ROOT, 0o710).make(id, 0o710);
  for (const [name, text] of Object.entries(etcFiles(engine, row))) directory.write(name, encode(text));
  const bare = new Set(spec.binds.filter(({ noCopy }) => noCopy).map(({ target }) => target));
  for (const mount of row.mounts) if (mount.type === "volume" && !bare.has(mount.target)) fillVolume(host, made, mount);
  const mounts = [
    ...row.mounts.map(({ source, target, readOnly }) => ({ hostPath: source, containerPath: target, readOnly })),
    ...["resolv.conf", "hostname", "hosts"].map((name) => ({
      hostPath: `${ROOT}/${id}/${name}`,
      containerPath: `/etc/${name}`,
      readOnly: false,
    })),
  ];
  const bound = [];
  for (const mount of mounts) {
    const one = bindMount(host, made, mount);
    if ("error" in one) {
      forget(engine, id);
      return one.error;
    }
    bound.push(one);
  }
  made.update({ mounts: [...systemMounts(id, sandbox, config), ...bound], capabilities: capabilitiesOf(config) });
  runtime.containers.set(id, {
    id,
    sandbox: id,
    podUid: id,
    logDirectory: `${ROOT}/${id}`,
    logDriver: "json-file",
    config,
    image: image.name,
    state: "created",
    createdAt: engine.kernel.now,
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    reason: "",
    message: "",
  });
  return undefined;
}

/** Takes a container with its files out of the machine; on demand its volumes without names, too. */
export function forget(engine: Engine, id: string, { volumes = false }: { readonly volumes?: boolean } = {}): void {
  const { runtime, machine, host } = engine;
  const names = (engine.containers.get(id)?.mounts ?? []).flatMap(({ name }) => name ?? []);
  machine.hosts.removeHost(id);
  machine.hosts.removeFileSystem(id);
  machine.hosts.removeFileSystem(`shm/${id}`);
  runtime.containers.delete(id);
  runtime.sandboxes.delete(id);
  runtime.logLines.delete(id);
  Directory.at(host, ROOT, 0o710).remove(id);
  engine.containers.delete(id);
  if (volumes) removeAnonymous(engine, names);
}
