import { isIPv4, networkOf, parseAddress, parsePrefix, prefixText, contains } from "../../net/index.ts";
import { isRefused, type Engine, type Refused } from "../engine.ts";
import type { NetworkRow } from "../rows.ts";
import { bridgeUp, removeBridge } from "./bridge.ts";
import { firstAddress, nextPool, taken } from "./ipam.ts";

/** `docker network create`. */
export interface NetworkSpec {
  readonly name: string;
  readonly driver: string;
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ipRange?: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const PREDEFINED = ["bridge", "host", "none"];
const BRIDGE_NAME = "com.docker.network.bridge.name";

/** Drivers of the engine that are there and not simulated. */
export const OTHER_DRIVERS: readonly string[] = ["macvlan", "ipvlan", "overlay"];

/** Makes a network: its row, its bridge, its rules (daemon/network.go createNetwork). */
export function createNetwork(engine: Engine, spec: NetworkSpec): NetworkRow | Refused {
  const { name, driver, options } = spec;
  if (name === "" || !NAME.test(name))
    return {
      error: `Error response: invalid network name "${name}": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`.replace(
        "Error response: ",
        "",
      ),
    };
  if (PREDEFINED.includes(name)) return { error: `operation is not permitted on predefined ${name} network ` };
  if ([...engine.networks.values()].some((row) => row.name === name))
    return { error: `network with name ${name} already exists` };
  if (driver === "host" || driver === "null") return { error: `only one instance of "${driver}" network is allowed` };
  if (driver !== "bridge") return { error: `could not find plugin ${driver} in v1 plugin registry: plugin not found` };
  const pool = poolOf(engine, spec);
  if (isRefused(pool)) return pool;
  const id = engine.newId();
  const row: NetworkRow = {
    id,
    name,
    driver,
    created: engine.kernel.now,
    internal: spec.internal,
    attachable: spec.attachable,
    labels: spec.labels,
    options,
    ...pool,
    configured: spec.subnet !== undefined,
    bridge: options[BRIDGE_NAME] ?? `br-${id.slice(0, 12)}`,
  };
  const problem = bridgeUp(engine, row);
  if (problem !== undefined) return { error: problem };
  engine.networks.set(id, row);
  return row;
}

function poolOf(
  engine: Engine,
  { subnet, gateway, ipRange }: NetworkSpec,
): Pick<NetworkRow, "subnet" | "gateway" | "ipRange"> | Refused {
  if (subnet === undefined) {
    if (gateway !== undefined || ipRange !== undefined)
      return {
        error: "user specified IP address is supported only when connecting to networks with user configured subnets",
      };
    const pool = nextPool(engine);
    return typeof pool === "string" ? { subnet: pool, gateway: firstAddress(pool) } : pool;
  }
  const parsed = parsePrefix(subnet);
  if (!parsed || !isIPv4(parsed.address))
    return { error: `invalid network config:\ninvalid subnet ${subnet}: invalid CIDR block notation` };
  const masked = prefixText({ ...parsed, address: networkOf(parsed.address, parsed.length) });
  if (masked !== subnet) return { error: `invalid network config:\ninvalid subnet ${subnet}: it should be ${masked}` };
  if (taken(engine, parsed))
    return { error: "invalid pool request: Pool overlaps with other one on this address space" };
  const chosen = gateway ?? firstAddress(subnet);
  const at = parseAddress(chosen);
  if (at === undefined || !contains(parsed, at))
    return { error: `invalid network config:\ninvalid gateway ${chosen}: parent subnet is an IPv4 block` };
  return { subnet, gateway: chosen, ...(ipRange === undefined ? {} : { ipRange }) };
}

/** Removes a network, unless somebody is in it. */
export function removeNetwork(engine: Engine, row: NetworkRow): Refused | undefined {
  if (PREDEFINED.includes(row.name)) return { error: `${row.name} is a pre-defined network and cannot be removed` };
  const members = engine.members(row.id);
  if (members.length > 0) {
    const shown = members.map(({ name, endpoints }) => `name:"${name}" id:"${endpoints[row.name]!.id.slice(0, 12)}"`);
    return { error: `error while removing network: network ${row.name} has active endpoints (${shown.join(", ")})` };
  }
  removeBridge(engine, row);
  engine.networks.delete(row.id);
  return undefined;
}

/** The networks that a daemon has from its first start on. */
export function predefinedNetworks(engine: Engine): void {
  const { kernel } = engine;
  const base = { created: kernel.now, internal: false, attachable: false, labels: {}, configured: false };
  for (const [name, driver] of [
    ["host", "host"],
    ["none", "null"],
  ] as const) {
    if (!isRefused(engine.findNetwork(name))) continue;
    const id = engine.newId();
    engine.networks.set(id, { ...base, id, name, driver, options: {} });
  }
  if (!isRefused(engine.findNetwork("bridge"))) return;
  const id = engine.newId();
  engine.networks.set(id, {
    ...base,
    id,
    name: "bridge",
    driver: "bridge",
    options: {
      "com.docker.network.bridge.default_bridge": "true",
      "com.docker.network.bridge.enable_icc": "true",
      "com.docker.network.bridge.enable_ip_masquerade": "true",
      "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
      [BRIDGE_NAME]: "docker0",
      "com.docker.network.driver.mtu": "1500",
    },
    subnet: "172.17.0.0/16",
    gateway: "172.17.0.1",
    bridge: "docker0",
  });
}
