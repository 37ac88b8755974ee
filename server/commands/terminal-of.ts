import type { Host, User } from "../sim/host/index.ts";
import type { Topology, World } from "../sim/world/index.ts";
import { UsageError } from "./usage.ts";

/** A world of a command, and where its terminal starts. */
export interface OpenWorld {
  readonly world: World;
  readonly host: Host;
  readonly user: User;
}

/** A host to log in to, as root. */
export function terminalOf(world: World, { machines }: Topology, name: string): { host: Host; user: User } {
  const machine = machines.find((candidate) => candidate.name === name && candidate.profile !== "appliance");
  if (!machine) {
    const names = machines.filter(({ profile }) => profile !== "appliance").map((candidate) => candidate.name);
    throw new UsageError(`no host '${name}' to log in to; there are ${names.join(", ")}`);
  }
  const { host } = world.hosts.machine(name);
  return { host, user: host.users.byName("root")! };
}
