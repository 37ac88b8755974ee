import { Part, type Daemon, type Hosts } from "../../../host/index.ts";
import { networkOfHosts } from "../../../net/index.ts";
import { Agents } from "./agents.ts";
import { ControlPlanes } from "./control-plane.ts";
import { runGateway } from "./gateway-program.ts";

interface Fabric {
  readonly controlPlanes: ControlPlanes;
  readonly agents: Agents;
}

const FABRIC = new Part<Fabric>("NGINX Gateway Fabric");

/** /usr/bin/gateway of the control plane's image. */
const gateway: Daemon = {
  name: "nginx-gateway-fabric",
  summary: "the control plane of NGINX Gateway Fabric",
  start: (self) => runGateway(self, self.host.hosts.part(FABRIC).controlPlanes),
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    self.exit(0);
    return true;
  },
  stopped: (self) => self.host.hosts.part(FABRIC).controlPlanes.stopped(self),
};

/** /agent/entrypoint.sh of nginx' image. */
const entrypoint: Daemon = {
  name: "nginx-gateway-entrypoint",
  summary: "starts nginx and its agent",
  start: (self) => self.host.hosts.part(FABRIC).agents.begin(self),
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGQUIT") return false;
    self.log(`received ${signal.slice(3)} signal`, 1);
    self.log("stopping nginx-agent ...", 1);
    self.log("stopping nginx ...", 1);
    for (const row of self.host.processes()) if (row.ppid === self.pid) self.host.machine.signal(row.pid, signal);
    self.exit(0);
    return true;
  },
};

const agent: Daemon = {
  name: "nginx-agent",
  summary: "gives nginx the configuration that the control plane has for it",
  start: () => {},
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGQUIT" && signal !== "SIGINT") return false;
    self.exit(0);
    return true;
  },
  stopped: (self) => self.host.hosts.part(FABRIC).agents.stopped(self),
};

export { routeBehind, type Behind } from "./route-behind.ts";
export type { Gateway, GatewayClass, HttpRoute } from "./kinds.ts";
export { GATEWAY_NAME } from "./provision.ts";

/** The programs of NGINX Gateway Fabric's images, for the registry. */
export const nginxGatewayDaemons: readonly Daemon[] = [gateway, entrypoint, agent];

/** Binds the control planes and agents, and what answers at their ports. Once per world, after its clusters are known. */
export function bindNginxGateway(hosts: Hosts): void {
  const controlPlanes = new ControlPlanes(hosts);
  const agents = new Agents(hosts, controlPlanes);
  hosts.provide(FABRIC, { controlPlanes, agents });
  networkOfHosts(hosts).serve("nginx-gateway", controlPlanes.application);
}
