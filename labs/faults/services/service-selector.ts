import { z } from "zod";
import { anyKind } from "../../../server/sim/kube/api/index.ts";
import { services } from "../../../server/sim/kube/kinds/index.ts";
import { Admin } from "../../setup/admin.ts";
import { defineFault } from "../define-fault.ts";
import { findService, ServiceName } from "./service.ts";

export const serviceSelector = defineFault({
  name: "service-selector",
  area: "services",
  words: "A Service selects other labels than its Pods carry",
  schema: z.strictObject({
    ...ServiceName,
    change: z.record(z.string(), z.string()).describe("labels that its selector gets"),
  }),
  symptom: "connections to the Service are refused; it has no endpoints, although its Pods run",
  repair: "give the Service the labels that `kubectl get pods --show-labels` shows as its selector",
  async apply(world, { service, namespace, change }) {
    const admin = Admin.of(world);
    findService(admin, namespace, service);
    await admin.patch(anyKind(services), namespace, service, { spec: { selector: change } });
  },
});
