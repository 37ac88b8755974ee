import {
  addressProblem, connectRunning, createNetwork, isRefused, newEndpoint, OTHER_DRIVERS, removeNetwork, unplug, unpublish, writeEtcFiles,
} from "../../../sim/docker/index.ts"; // prettier-ignore
import { contains, parseAddress, parsePrefix } from "../../../sim/net/index.ts";
import { rfc3339 } from "../../../sim/kernel/index.ts";
import { bool, list, text, texts } from "../../kubectl/cobra/flag.ts";
import { answered, command, daemonSays, Fatal, forEach, type Group } from "../command.ts";
import { renderRows } from "../format.ts";
import { inspect } from "../inspect.ts";
import { labelled, matching } from "../filters.ts";
import { keyValues } from "../key-values.ts";

const ls = command({
  name: "ls",
  aliases: ["list"],
  use: "[OPTIONS]",
  summary: "List networks",
  arguments: [0, 0],
  flags: {
    filter: texts('Provide filter values (e.g. "driver=bridge")', { shorthand: "f" }),
    format: text("Format output using a custom template"),
    "no-trunc": bool("Do not truncate the output"),
    quiet: bool("Only display network IDs", { shorthand: "q" }),
  },
  async run({ process, engine, flags }) {
    const rows = [...engine.networks.values()]
      .filter((row) =>
        matching(flags.filter, {
          name: (value) => row.name.includes(value),
          driver: (value) => row.driver === value,
          id: (value) => row.id.startsWith(value),
          scope: (value) => value === "local",
          type: (value) => (value === "builtin") === ["bridge", "host", "none"].includes(row.name),
          label: (value) => labelled(row.labels, value),
        }),
      )
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .map((row) => ({
        ID: flags["no-trunc"] ? row.id : row.id.slice(0, 12),
        Name: row.name,
        Driver: row.driver,
        Scope: "local",
        IPv4: "true",
        IPv6: "false",
        Internal: String(row.internal),
        Labels: Object.entries(row.labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
        CreatedAt: `${rfc3339(row.created).slice(0, 19).replace("T", " ")} +0000 UTC`,
      }));
    const columns = [
      { heading: "NETWORK ID", key: "ID" },
      { heading: "NAME", key: "Name" },
      { heading: "DRIVER", key: "Driver" },
      { heading: "SCOPE", key: "Scope" },
      { heading: "IPV6", key: "IPv6" },
      { heading: "INTERNAL", key: "Internal" },
      { heading: "LABELS", key: "Labels" },
      { heading: "CREATED AT", key: "CreatedAt" },
    ];
    await process.print(
      renderRows(columns, rows, ["ID", "Name", "Driver", "Scope"], {
        format: flags.format,
        quiet: flags.quiet,
        id: "ID",
      }),
    );
  },
});

const create = command({
  name: "create",
  use: "[OPTIONS] NETWORK",
  summary: "Create a network",
  arguments: [1, 1],
  flags: {
    attachable: bool("Enable manual container attachment"),
    driver: text("Driver to manage the Network", { shorthand: "d", initial: "bridge" }),
    gateway: list("IPv4 or IPv6 Gateway for the master subnet"),
    internal: bool("Restrict external access to the network"),
    "ip-range": list("Allocate container ip from a sub-range"),
    ipv6: bool("(not simulated) IPv6"),
    label: texts("Set metadata on a network"),
    opt: texts("Set driver specific options", { shorthand: "o" }),
    subnet: list("Subnet in CIDR format that represents a network segment"),
    "aux-address": texts("(not simulated) auxiliary addresses"),
    "ipam-driver": text("(not simulated) IP address management driver"),
    scope: text("(not simulated) scope"),
    ingress: bool("(not simulated) swarm"),
  },
  async run({ process, engine, flags, args }) {
    // Only a swarm has overlays, and this engine is in none.
    if (flags.driver === "overlay")
      throw new Fatal(
        'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
      );
    if (OTHER_DRIVERS.includes(flags.driver))
      throw new Fatal(`drydock: docker: driver '${flags.driver}' is not simulated`, 64);
    const wrong = ipamProblem(flags.subnet[0], flags.gateway[0], flags["ip-range"][0]);
    if (wrong !== undefined) throw new Fatal(wrong);
    if (flags.subnet.length > 1) throw new Fatal("drydock: docker: several subnets are not simulated", 64);
    const row = answered(
      createNetwork(engine, {
        name: args[0]!,
        driver: flags.driver,
        internal: flags.internal,
        attachable: flags.attachable,
        labels: keyValues(flags.label),
        options: keyValues(flags.opt),
        ...(flags.subnet[0] === undefined ? {} : { subnet: flags.subnet[0] }),
        ...(flags.gateway[0] === undefined ? {} : { gateway: flags.gateway[0] }),
        ...(flags["ip-range"][0] === undefined ? {} : { ipRange: flags["ip-range"][0] }),
      }),
      isRefused,
    );
    await process.print(`${row.id}\n`);
  },
});

/** What the client itself refuses (cli/command/network/create.go createIPAMConfig). */
function ipamProblem(subnet: string | undefined, gateway: string | undefined, range: string | undefined) {
  if (subnet === undefined)
    return gateway === undefined && range === undefined
      ? undefined
      : "every ip-range or gateway must have a corresponding subnet";
  const net = parsePrefix(subnet);
  const address = parseAddress(gateway ?? "");
  return net && address && !contains(net, address) ? `no matching subnet for gateway ${gateway!}` : undefined;
}

const rm = command({
  name: "rm",
  aliases: ["remove"],
  use: "NETWORK [NETWORK...]",
  summary: "Remove one or more networks",
  arguments: [1, Infinity],
  flags: { force: bool("Do not error if the network does not exist", { shorthand: "f" }) },
  run: ({ process, engine, args, flags }) =>
    forEach(process, args, (name) => {
      const row = engine.findNetwork(name);
      if (isRefused(row)) return flags.force ? "" : daemonSays(row.error);
      const problem = removeNetwork(engine, row);
      return problem && daemonSays(problem.error);
    }),
});

const prune = command({
  name: "prune",
  use: "[OPTIONS]",
  summary: "Remove all unused networks",
  arguments: [0, 0],
  flags: {
    force: bool("Do not prompt for confirmation", { shorthand: "f" }),
    filter: texts("(not simulated) filters"),
  },
  async run({ process, engine, flags }) {
    if (!flags.force) {
      await process.print(
        "WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue? [y/N] ",
      );
      if (!/^y/i.test(await process.read(0, 4096))) return;
    }
    const used = new Set(
      [...engine.containers.values()].flatMap(({ endpoints }) =>
        Object.values(endpoints).map(({ network }) => network),
      ),
    );
    const gone = [...engine.networks.values()].filter(
      (row) => !used.has(row.id) && removeNetwork(engine, row) === undefined,
    );
    if (gone.length > 0) await process.print(`Deleted Networks:\n${gone.map(({ name }) => `${name}\n`).join("")}\n`);
  },
});

const connect = command({
  name: "connect",
  use: "[OPTIONS] NETWORK CONTAINER",
  summary: "Connect a container to a network",
  arguments: [2, 2],
  flags: {
    alias: list("Add network-scoped alias for the container"),
    ip: text('IPv4 address (e.g., "172.30.100.104")'),
    link: list("(not simulated) link"),
    ip6: text("(not simulated) IPv6 address"),
    "driver-opt": list("(not simulated) driver options"),
    "link-local-ip": list("(not simulated) link-local address"),
    "gw-priority": text("(not simulated) priority"),
  },
  async run({ engine, flags, args }) {
    const network = answered(engine.findNetwork(args[0]!), isRefused);
    const row = answered(engine.container(args[1]!), isRefused);
    const refuse = (why: string): never => {
      throw new Fatal(daemonSays(why));
    };
    if (row.spec.networkMode === "host" || row.sharesWith !== undefined || network.driver === "host")
      refuse(
        "container sharing network namespace with another container or host cannot be connected to any other network",
      );
    if (network.driver === "null" || row.spec.networkMode === "none")
      refuse("container cannot be connected to multiple networks with one of the networks in private (none) mode");
    if (row.endpoints[network.name]) refuse(`endpoint with name ${row.name} already exists in network ${network.name}`);
    const wrong = addressProblem(network, flags.ip === "" ? undefined : flags.ip);
    if (wrong !== undefined) refuse(wrong);
    const endpoint = newEndpoint(engine, network, {
      aliases: flags.alias,
      ...(flags.ip === "" ? {} : { address: flags.ip }),
    });
    const placed = engine.update(row.id, { endpoints: { ...row.endpoints, [network.name]: endpoint } });
    if (!engine.isRunning(row.id)) return;
    const done = connectRunning(engine, placed, network.name);
    if (!isRefused(done)) return;
    engine.update(row.id, { endpoints: row.endpoints });
    refuse(done.error.replace("failed to set up container networking: ", ""));
  },
});

const disconnect = command({
  name: "disconnect",
  use: "[OPTIONS] NETWORK CONTAINER",
  summary: "Disconnect a container from a network",
  arguments: [2, 2],
  flags: { force: bool("Force the container to disconnect from a network", { shorthand: "f" }) },
  async run({ engine, flags, args }) {
    const network = answered(engine.findNetwork(args[0]!), isRefused);
    const found = engine.container(args[1]!);
    if (isRefused(found) && flags.force) throw new Fatal(daemonSays(`endpoint ${args[1]!} not found`));
    const row = answered(found, isRefused);
    if (network.driver === "host")
      throw new Fatal(daemonSays("container cannot be disconnected from host network or connected to host network"));
    const endpoint = row.endpoints[network.name];
    if (!endpoint) throw new Fatal(daemonSays(`container ${row.id} is not connected to network ${network.name}`));
    if (endpoint.plug) unpublish(engine, network, endpoint.plug.address, row.bound);
    unplug(engine, row, network.name);
    const { [network.name]: _, ...endpoints } = row.endpoints;
    const left = engine.update(row.id, { endpoints, ...(endpoint.plug ? { bound: [] } : {}) });
    if (engine.isRunning(row.id)) writeEtcFiles(engine, left);
  },
});

export const networkGroup: Group = {
  name: "network",
  summary: "Manage networks",
  commands: [connect, create, disconnect, inspect("network"), ls, prune, rm],
};
