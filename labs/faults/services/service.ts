import { anyKind, type Service } from "../../../server/sim/kube/api/index.ts";
import { services } from "../../../server/sim/kube/kinds/index.ts";
import { Namespace, ObjectName } from "../object.ts";
import { Refused, type Admin } from "../../setup/admin.ts";

/** The parameters that say which Service is meant. */
export const ServiceName = {
  service: ObjectName.describe("the Service"),
  namespace: Namespace,
};

/** Throws Refused if there is no such Service. */
export function findService(admin: Admin, namespace: string, service: string): Service {
  const object = admin.find(anyKind(services), namespace, service) as Service | undefined;
  if (object) return object;
  throw new Refused(`there is no Service ${service} in namespace ${namespace} to break: apply its manifest before`);
}
