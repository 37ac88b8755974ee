import {
  byShortId,
  CONTAINER_ROOT,
  findVolume,
  isRefused,
  mountpointOf,
  type DockerContainer,
  type Engine,
  type MountRow,
  type NetworkRow,
  type VolumeRow,
} from "../../sim/docker/index.ts";
import { findImage, type ImageRow } from "../../sim/kube/kubelet/index.ts";
import { pad, rfc3339, type Time } from "../../sim/kernel/index.ts";
import { bool, text } from "../kubectl/cobra/flag.ts";
import { printJson, type Json } from "../kubectl/output/index.ts";
import type { JsonObject } from "../kubectl/output/golang/kind.ts";
import { argvOf, exposedOf } from "./container/ps.ts";
import { command, daemonSays, Fatal, type Command } from "./command.ts";
import { renderTemplate } from "./format.ts";

type Kind = "container" | "network" | "image" | "volume";

/** `docker inspect`, and those of the groups: JSON, or a template for each object. What is not there is told at the end. */
export function inspect(kind: Kind | undefined): Command {
  return command({
    name: "inspect",
    use:
      kind === undefined
        ? "[OPTIONS] NAME|ID [NAME|ID...]"
        : `[OPTIONS] ${kind.toUpperCase()} [${kind.toUpperCase()}...]`,
    summary:
      kind === undefined
        ? "Return low-level information on Docker objects"
        : `Display detailed information on one or more ${kind}s`,
    arguments: [1, Infinity],
    flags: {
      format: text("Format output using a custom template", { shorthand: "f" }),
      size: bool("(not simulated) sizes", { shorthand: "s" }),
      type: text("Only inspect objects of the given type"),
      verbose: bool("Verbose output for diagnostics", { shorthand: "v" }),
    },
    async run({ process, engine, flags, args }) {
      const wanted = kind ?? (flags.type === "" ? undefined : (flags.type as Kind));
      const found: JsonObject[] = [];
      const errors: string[] = [];
      for (const arg of args) {
        const object = find(engine, arg, wanted);
        if (object) found.push(object);
        else errors.push(missing(arg, wanted));
      }
      if (flags.format === "" || flags.format === "json") await process.print(printJson(found, { keepOrder: true }));
      else await process.print(found.length > 0 ? renderTemplate(flags.format, found) : "\n");
      if (errors.length > 0) throw new Fatal(errors.join("\n"));
    },
  });
}

function missing(name: string, kind: Kind | undefined): string {
  if (kind === undefined) return `Error: No such object: ${name}`;
  if (kind === "volume") return daemonSays(`get ${name}: no such volume`);
  if (kind === "network") return daemonSays(`network ${name} not found`);
  return kind === "image"
    ? daemonSays(`No such image: ${name.includes(":") ? name : `${name}:latest`}`)
    : daemonSays(`No such container: ${name}`);
}

function find(engine: Engine, name: string, kind: Kind | undefined): JsonObject | undefined {
  const container = kind === undefined || kind === "container" ? engine.container(name) : undefined;
  if (container && !isRefused(container)) return containerObject(engine, container);
  const image =
    kind === undefined || kind === "image" ? (findImage(engine.runtime, name) ?? byShortId(engine, name)) : undefined;
  if (image) return imageObject(engine, image);
  const network = kind === undefined || kind === "network" ? engine.findNetwork(name) : undefined;
  if (network && !isRefused(network)) return networkObject(engine, network);
  const volume = kind === undefined || kind === "volume" ? findVolume(engine, name) : undefined;
  return volume && !isRefused(volume) ? volumeObject(volume) : undefined;
}

function timeText(time: Time): string {
  return time === 0 ? "0001-01-01T00:00:00Z" : `${rfc3339(time).slice(0, 19)}.${pad(time % 1_000_000, 6)}000Z`;
}

function networkObject(engine: Engine, row: NetworkRow): JsonObject {
  const containers: Record<string, Json> = {};
  for (const { id, name, endpoints } of engine.members(row.id)) {
    const { id: endpoint, plug } = endpoints[row.name]!;
    containers[id] = {
      Name: name,
      EndpointID: endpoint,
      MacAddress: plug!.mac,
      IPv4Address: `${plug!.address}/${row.subnet!.split("/")[1]!}`,
      IPv6Address: "",
    };
  }
  const config: Json[] =
    row.subnet === undefined
      ? []
      : [{ Subnet: row.subnet, ...(row.ipRange === undefined ? {} : { IPRange: row.ipRange }), Gateway: row.gateway! }];
  return {
    Name: row.name,
    Id: row.id,
    Created: timeText(row.created),
    Scope: "local",
    Driver: row.driver,
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: {
      Driver: "default",
      Options: row.driver === "bridge" && row.name !== "bridge" ? {} : null,
      Config: row.driver === "bridge" ? config : null,
    },
    Internal: row.internal,
    Attachable: row.attachable,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: containers,
    Options: row.options,
    Labels: row.labels,
  };
}

function containerObject(engine: Engine, row: DockerContainer): JsonObject {
  const { spec, id } = row;
  const task = engine.task(id);
  const image = engine.runtime.source.byName(task.image)!;
  const [path = "", ...rest] = argvOf(engine, row);
  const running = task.state === "running";
  const folder = `${CONTAINER_ROOT}/${id}`;
  const ports: Record<string, Json> = {};
  for (const port of running && spec.networkMode !== "host" ? exposedOf(engine, row) : []) {
    const bound = row.bound.filter(({ container }) => container === port);
    ports[port] =
      bound.length === 0 ? null : bound.map(({ hostIp, hostPort }) => ({ HostIp: hostIp, HostPort: String(hostPort) }));
  }
  const bindings: Record<string, Json[]> = {};
  for (const { container, hostIp, hostPort } of spec.ports)
    (bindings[container] ??= []).push({ HostIp: hostIp, HostPort: hostPort === 0 ? "" : String(hostPort) });
  const exposed = exposedOf(engine, row);
  const networks = Object.fromEntries(
    Object.keys(row.endpoints).map((name) => [name, endpointObject(engine, row, name)]),
  );
  return {
    Id: id,
    Created: timeText(row.created),
    Path: path,
    Args: rest,
    State: {
      Status: task.state,
      Running: running,
      Paused: false,
      Restarting: false,
      OOMKilled: task.reason === "OOMKilled",
      Dead: false,
      Pid: running ? (task.pid ?? 0) : 0,
      ExitCode: task.exitCode,
      Error: row.problem,
      StartedAt: timeText(task.startedAt),
      FinishedAt: timeText(task.finishedAt),
    },
    Image: row.imageId,
    ResolvConfPath: `${folder}/resolv.conf`,
    HostnamePath: `${folder}/hostname`,
    HostsPath: `${folder}/hosts`,
    LogPath: `${folder}/${id}-json.log`,
    Name: `/${row.name}`,
    RestartCount: row.restartCount,
    Driver: "overlay2",
    Platform: "linux",
    HostConfig: {
      Binds: bindsOf(row),
      LogConfig: { Type: "json-file", Config: {} },
      NetworkMode: spec.networkMode,
      PortBindings: bindings,
      RestartPolicy: { Name: spec.restart.name, MaximumRetryCount: spec.restart.most },
      AutoRemove: spec.autoRemove,
      CapAdd: spec.capAdd.length === 0 ? null : [...spec.capAdd],
      CapDrop: spec.capDrop.length === 0 ? null : [...spec.capDrop],
      Dns: [...spec.dns],
      DnsOptions: [...spec.dnsOptions],
      DnsSearch: [...spec.dnsSearch],
      ExtraHosts: spec.extraHosts.length === 0 ? null : [...spec.extraHosts],
      Privileged: spec.privileged,
      PublishAllPorts: spec.publishAll,
      ReadonlyRootfs: spec.readOnly,
    },
    Mounts: row.mounts.map(mountObject),
    Config: {
      Hostname: spec.hostname ?? (spec.networkMode === "host" ? engine.host.hostname : id.slice(0, 12)),
      Domainname: "",
      User: spec.user || (image.config.user ?? ""),
      Tty: spec.tty,
      OpenStdin: spec.stdin,
      StdinOnce: spec.stdinOnce,
      ...(exposed.length === 0 ? {} : { ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])) }),
      Env: [...spec.env, ...(image.config.env ?? [])],
      Cmd: spec.cmd.length > 0 ? [...spec.cmd] : image.config.cmd && !spec.entrypoint ? [...image.config.cmd] : null,
      Image: spec.image,
      WorkingDir: spec.workingDir || (image.config.workingDir ?? ""),
      Entrypoint: spec.entrypoint
        ? [...spec.entrypoint]
        : image.config.entrypoint
          ? [...image.config.entrypoint]
          : null,
      Labels: { ...image.config.labels, ...spec.labels },
    },
    NetworkSettings: {
      SandboxID: row.netns === undefined ? "" : id,
      SandboxKey: row.netns === undefined ? "" : `/var/run/docker/netns/${id.slice(0, 12)}`,
      Ports: ports,
      ...firstAddress(engine, row),
      Networks: networks,
    },
  };
}

/** Those of `-v` that have a source, as they were given. */
function bindsOf({ spec }: DockerContainer): Json {
  const given = spec.binds.filter(({ source, strict }) => source !== "" && !strict);
  if (given.length === 0) return null;
  return given.map(({ source, target, mode }) => `${source}:${target}${mode === "" ? "" : `:${mode}`}`);
}

function mountObject({ type, name, source, target, mode, readOnly }: MountRow): JsonObject {
  return {
    Type: type,
    ...(name === undefined ? {} : { Name: name }),
    Source: source,
    Destination: target,
    ...(name === undefined ? {} : { Driver: "local" }),
    Mode: mode,
    RW: !readOnly,
    Propagation: type === "bind" ? "rprivate" : "",
  };
}

function volumeObject({ name, created, labels }: VolumeRow): JsonObject {
  return {
    CreatedAt: `${rfc3339(created).slice(0, 19)}Z`,
    Driver: "local",
    Labels: Object.keys(labels).length === 0 ? null : labels,
    Mountpoint: mountpointOf(name),
    Name: name,
    Options: null,
    Scope: "local",
  };
}

/** What stood here before there were several networks: the default bridge's. */
function firstAddress(engine: Engine, row: DockerContainer): JsonObject {
  const endpoint = row.endpoints["bridge"];
  const network = endpoint && engine.networks.get(endpoint.network);
  const plug = endpoint?.plug;
  return {
    EndpointID: plug ? endpoint.id : "",
    Gateway: plug ? network!.gateway! : "",
    IPAddress: plug?.address ?? "",
    IPPrefixLen: plug ? Number(network!.subnet!.split("/")[1]) : 0,
    MacAddress: plug?.mac ?? "",
  };
}

function endpointObject(engine: Engine, row: DockerContainer, name: string): JsonObject {
  const { id, network, aliases, wants, plug } = row.endpoints[name]!;
  const place = engine.networks.get(network);
  const known = name === "bridge" ? null : [row.name, ...aliases, row.id.slice(0, 12)];
  return {
    IPAMConfig: wants.address === undefined ? null : { IPv4Address: wants.address },
    Links: null,
    Aliases: aliases.length === 0 ? null : [...aliases],
    MacAddress: plug?.mac ?? "",
    DriverOpts: null,
    GwPriority: 0,
    NetworkID: network,
    EndpointID: plug || place?.driver !== "bridge" ? id : "",
    Gateway: plug && place && !place.internal ? place.gateway! : "",
    IPAddress: plug?.address ?? "",
    IPPrefixLen: plug ? Number(place!.subnet!.split("/")[1]) : 0,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    DNSNames: known,
  };
}

function imageObject(engine: Engine, row: ImageRow): JsonObject {
  const image = engine.runtime.source.byName(row.name)!;
  const built = engine.runtime.builtImages.get(row.id);
  const { config } = image;
  return {
    Id: row.id,
    RepoTags: row.repoTags.map((tag) => tag.replace(/^docker\.io\/(library\/)?/, "")),
    RepoDigests: row.repoDigests.map((tag) => tag.replace(/^docker\.io\/(library\/)?/, "")),
    Parent: built?.parent ?? "",
    Comment: built?.comment ?? "",
    Author: built?.author ?? "",
    Created: image.spec.created,
    Config: {
      User: config.user ?? "",
      ...(config.exposedPorts
        ? { ExposedPorts: Object.fromEntries(config.exposedPorts.map((port) => [port, {}])) }
        : {}),
      Env: [...(config.env ?? [])],
      Cmd: config.cmd ? [...config.cmd] : null,
      WorkingDir: config.workingDir ?? "",
      Entrypoint: config.entrypoint ? [...config.entrypoint] : null,
      Labels: config.labels ?? null,
      ...(config.volumes ? { Volumes: Object.fromEntries(config.volumes.map((path) => [path, {}])) } : {}),
      ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
      ...(config.shell ? { Shell: [...config.shell] } : {}),
    },
    Architecture: "amd64",
    Os: "linux",
    Size: row.size,
  };
}
