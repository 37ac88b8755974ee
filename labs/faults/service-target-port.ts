import { z } from "zod";
import { anyKind, type JsonValue, type Service } from "../../server/sim/kube/api/index.ts";
import { services } from "../../server/sim/kube/kinds/index.ts";
import { Refused, type Admin } from "../setup/admin.ts";

/** A Service sends to a port that nobody listens on. */
export const ServiceTargetPort = z.strictObject({
  service: z.string(),
  namespace: z.string(),
  /** The target port that it gets. */
  port: z.union([z.int(), z.string()], { error: "expected a port's number or name" }),
  /** The port of the Service that is meant, by name; all of them if missing. */
  name: z.string().optional(),
});

export async function serviceTargetPort(admin: Admin, fault: z.infer<typeof ServiceTargetPort>): Promise<void> {
  const { service, namespace, port, name } = fault;
  const object = admin.find(anyKind(services), namespace, service) as Service | undefined;
  if (!object)
    throw new Refused(`there is no Service ${service} in namespace ${namespace} to break: apply its manifest before`);
  const ports = (object.spec.ports ?? []).map((own) =>
    name === undefined || own.name === name ? { ...own, targetPort: port } : own,
  );
  await admin.patch(anyKind(services), namespace, service, { spec: { ports: ports as unknown as JsonValue } });
}
