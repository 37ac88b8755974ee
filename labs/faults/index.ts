import { z } from "zod";
import type { World } from "../../server/sim/world/index.ts";
import { Admin } from "../setup/admin.ts";
import { nodePortFirewall, NodePortFirewall } from "./node-port-firewall.ts";
import { serviceSelector, ServiceSelector } from "./service-selector.ts";
import { serviceTargetPort, ServiceTargetPort } from "./service-target-port.ts";

/** A fault of the catalogue, with its parameters: what an administrator got wrong. */
export const Fault = z
  .strictObject({
    "node-port-firewall": NodePortFirewall.optional(),
    "service-selector": ServiceSelector.optional(),
    "service-target-port": ServiceTargetPort.optional(),
  })
  .refine(
    (fault) => Object.values(fault).filter((field) => field !== undefined).length === 1,
    "a fault has exactly one of node-port-firewall, service-selector, service-target-port",
  );
export type Fault = z.infer<typeof Fault>;

/** Makes a fault by editing what it is about. Throws Refused, also if there is nothing to break. */
export async function applyFault(world: World, fault: Fault): Promise<void> {
  if (fault["node-port-firewall"]) await nodePortFirewall(world, fault["node-port-firewall"]);
  if (fault["service-selector"]) await serviceSelector(Admin.of(world), fault["service-selector"]);
  if (fault["service-target-port"]) await serviceTargetPort(Admin.of(world), fault["service-target-port"]);
}
