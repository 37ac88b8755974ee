import type { ContainerSpec, PortSpec } from "../../../sim/docker/index.ts";
import type { Process } from "../../../sim/host/index.ts";
import { bool, integer, text, texts, type ValuesOf } from "../../kubectl/cobra/flag.ts";
import { badSpec } from "./bad-spec.ts";
import { keyValues } from "../key-values.ts";
import { readMount, readVolume } from "./mounts.ts";
import { variables } from "./variables.ts";

/** The options that `docker run` and `docker create` share. */
export const SPEC_FLAGS = {
  "add-host": texts("Add a custom host-to-IP mapping (host:ip)"),
  attach: texts("(not simulated) streams", { shorthand: "a" }),
  "cap-add": texts("Add Linux capabilities"),
  "cap-drop": texts("Drop Linux capabilities"),
  dns: texts("Set custom DNS servers"),
  "dns-option": texts("Set DNS options"),
  "dns-search": texts("Set custom DNS search domains"),
  "env-file": texts("Read in a file of environment variables"),
  entrypoint: text("Overwrite the default ENTRYPOINT of the image"),
  env: texts("Set environment variables", { shorthand: "e" }),
  expose: texts("Expose a port or a range of ports"),
  hostname: text("Container host name", { shorthand: "h" }),
  interactive: bool("Keep STDIN open even if not attached", { shorthand: "i" }),
  ip: text("IPv4 address (e.g., 172.30.100.104)"),
  mount: texts("Attach a filesystem mount to the container"),
  label: texts("Set meta data on a container", { shorthand: "l" }),
  "mac-address": text("Container MAC address (e.g., 92:d0:c6:0a:29:33)"),
  name: text("Assign a name to the container"),
  net: text("Connect a container to a network", { hidden: true }),
  "net-alias": texts("Add network-scoped alias for the container", { hidden: true }),
  network: text("Connect a container to a network"),
  "network-alias": texts("Add network-scoped alias for the container"),
  privileged: bool("Give extended privileges to this container"),
  publish: texts("Publish a container's port(s) to the host", { shorthand: "p" }),
  "publish-all": bool("Publish all exposed ports to random ports", { shorthand: "P" }),
  pull: text('Pull image before creating ("always", "missing", "never")', { initial: "missing" }),
  quiet: bool("Suppress the pull output", { shorthand: "q" }),
  "read-only": bool("Mount the container's root filesystem as read only"),
  restart: text("Restart policy to apply when a container exits", { initial: "no" }),
  rm: bool("Automatically remove the container and its associated anonymous volumes when it exits"),
  "stop-signal": text("Signal to stop the container"),
  tty: bool("Allocate a pseudo-TTY", { shorthand: "t" }),
  user: text("Username or UID (format: <name|uid>[:<group|gid>])", { shorthand: "u" }),
  volume: texts("Bind mount a volume", { shorthand: "v" }),
  workdir: text("Working directory inside the container", { shorthand: "w" }),
  cpus: text("(not simulated) CPUs"),
  memory: text("(not simulated) memory limit", { shorthand: "m" }),
  link: texts("(not simulated) link"),
  init: bool("(not simulated) init"),
  pid: text("(not simulated) PID namespace"),
  ipc: text("(not simulated) IPC namespace"),
  platform: text("(not simulated) platform"),
  sysctl: text("(not simulated) sysctls"),
  "stop-timeout": integer("(not simulated) timeout", 0),
  tmpfs: texts("(not simulated) tmpfs"),
  "health-cmd": text("(not simulated) health check"),
  "security-opt": texts("(not simulated) security options"),
  device: texts("(not simulated) device"),
  "volumes-from": texts("(not simulated) volumes"),
  ip6: text("(not simulated) IPv6 address"),
} as const;

export type SpecFlags = ValuesOf<typeof SPEC_FLAGS>;

/** What is asked for by options and arguments (cli/command/container/opts.go parse). */
export function readSpec(flags: SpecFlags, args: readonly string[], process: Process): ContainerSpec {
  const [image = "", ...cmd] = args;
  const network = flags.network || flags.net || "bridge";
  const networkMode = network === "default" ? "bridge" : network;
  const aliases = [...flags["network-alias"], ...flags["net-alias"]];
  const restart = /^(no|always|unless-stopped|on-failure)(?::(\d+))?$/.exec(flags.restart);
  if (!restart)
    throw badSpec(
      `invalid restart policy: unknown policy '${flags.restart}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
  if (flags.rm && restart[1] !== "no") throw badSpec("conflicting options: cannot specify both --restart and --rm");
  return {
    image,
    cmd,
    ...(flags.entrypoint === "" ? {} : { entrypoint: [flags.entrypoint] }),
    ...(flags.hostname === "" ? {} : { hostname: flags.hostname }),
    user: flags.user,
    tty: flags.tty,
    stdin: flags.interactive,
    stdinOnce: flags.interactive,
    env: variables(process, flags["env-file"], flags.env),
    workingDir: flags.workdir,
    labels: keyValues(flags.label),
    exposed: flags.expose.map((port) => (port.includes("/") ? port : `${port}/tcp`)),
    networkMode,
    aliases,
    ...(flags.ip === "" ? {} : { address: flags.ip }),
    ...(flags["mac-address"] === "" ? {} : { mac: flags["mac-address"] }),
    ports: ["host", "none"].includes(networkMode) ? [] : flags.publish.flatMap(readPort),
    publishAll: flags["publish-all"],
    autoRemove: flags.rm,
    restart: { name: restart[1] as ContainerSpec["restart"]["name"], most: Number(restart[2] ?? 0) },
    privileged: flags.privileged,
    capAdd: flags["cap-add"],
    capDrop: flags["cap-drop"],
    binds: [...flags.volume.map(readVolume), ...flags.mount.map(readMount)],
    dns: flags.dns,
    dnsSearch: flags["dns-search"],
    dnsOptions: flags["dns-option"],
    extraHosts: flags["add-host"].map((entry) => entry.replace("=", ":")),
    readOnly: flags["read-only"],
    ...(flags["stop-signal"] === "" ? {} : { stopSignal: flags["stop-signal"] }),
  };
}

/** `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`, with ranges (nat.ParsePortSpec). */
function readPort(text: string): PortSpec[] {
  const [main = "", protocol = "tcp"] = text.split("/");
  if (!["tcp", "udp", "sctp"].includes(protocol)) throw badSpec(`invalid proto: ${protocol}`);
  const bracketed = /^\[(.*)\]:(.*)$/.exec(main);
  const parts = bracketed ? [bracketed[1]!, ...bracketed[2]!.split(":")] : main.split(":");
  const [container = "", host = "", hostIp = ""] = parts.reverse();
  if (container === "") throw badSpec(`no port specified: ${text}<empty>`);
  const inside = readRange(container, `invalid containerPort: ${container}`);
  const outside = host === "" ? undefined : readRange(host, `invalid hostPort: ${host}`);
  const single = inside[0] === inside[1];
  if (outside && outside[1] - outside[0] !== inside[1] - inside[0] && !single)
    throw badSpec(`invalid ranges specified for container and host Ports: ${container} and ${host}`);
  return Array.from({ length: inside[1] - inside[0] + 1 }, (_, at) => ({
    container: `${inside[0] + at}/${protocol}`,
    hostIp,
    hostPort: outside ? outside[0] + at : 0,
  }));
}

function readRange(text: string, problem: string): [number, number] {
  const found = /^(\d+)(?:-(\d+))?$/.exec(text);
  const [first, last] = found ? [Number(found[1]), Number(found[2] ?? found[1])] : [0, 0];
  if (first < 1 || last > 65_535 || last < first) throw badSpec(problem);
  return [first, last];
}
