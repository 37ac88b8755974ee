import { z } from "zod";
import type { Admin } from "../setup/admin.ts";
import { serviceSelector, ServiceSelector } from "./service-selector.ts";
import { serviceTargetPort, ServiceTargetPort } from "./service-target-port.ts";

/** A fault of the catalogue, with its parameters: what an administrator got wrong. */
export const Fault = z
  .strictObject({
    "service-selector": ServiceSelector.optional(),
    "service-target-port": ServiceTargetPort.optional(),
  })
  .refine(
    (fault) => Object.values(fault).filter((field) => field !== undefined).length === 1,
    "a fault has exactly one of service-selector, service-target-port",
  );
export type Fault = z.infer<typeof Fault>;

/** Makes a fault by editing what it is about. Throws Refused, also if there is nothing to break. */
export async function applyFault(admin: Admin, fault: Fault): Promise<void> {
  if (fault["service-selector"]) await serviceSelector(admin, fault["service-selector"]);
  if (fault["service-target-port"]) await serviceTargetPort(admin, fault["service-target-port"]);
}
