import { z } from "zod";
import { anyKind } from "../../server/sim/kube/api/index.ts";
import { services } from "../../server/sim/kube/kinds/index.ts";
import { Refused, type Admin } from "../setup/admin.ts";

/** A Service selects other labels than its Pods carry. */
export const ServiceSelector = z.strictObject({
  service: z.string(),
  namespace: z.string(),
  /** Labels that its selector gets. */
  change: z.record(z.string(), z.string()),
});

export async function serviceSelector(admin: Admin, fault: z.infer<typeof ServiceSelector>): Promise<void> {
  const { service, namespace, change } = fault;
  if (!admin.find(anyKind(services), namespace, service))
    throw new Refused(`there is no Service ${service} in namespace ${namespace} to break: apply its manifest before`);
  await admin.patch(anyKind(services), namespace, service, { spec: { selector: change } });
}
