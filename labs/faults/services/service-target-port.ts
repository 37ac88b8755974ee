import { z } from "zod";
import { anyKind, type JsonValue } from "../../../server/sim/kube/api/index.ts";
import { services } from "../../../server/sim/kube/kinds/index.ts";
import { Admin } from "../../setup/admin.ts";
import { defineFault } from "../define-fault.ts";
import { findService, ServiceName } from "./service.ts";

export const serviceTargetPort = defineFault({
  name: "service-target-port",
  area: "services",
  words: "A Service sends to a port that nobody listens on",
  schema: z.strictObject({
    ...ServiceName,
    port: z
      .union([z.int().min(1).max(65535), z.string().min(1)], { error: "expected a port's number or name" })
      .describe("the target port that it gets"),
    name: z.string().optional().describe("which of its ports is meant, by name; all of them without it"),
  }),
  symptom: "connections to the Service are refused, although it has endpoints: their port is not the containers'",
  repair: "give the Service the port that the containers listen on as targetPort",
  async apply(world, { service, namespace, port, name }) {
    const admin = Admin.of(world);
    const ports = (findService(admin, namespace, service).spec.ports ?? []).map((own) =>
      name === undefined || own.name === name ? { ...own, targetPort: port } : own,
    );
    await admin.patch(anyKind(services), namespace, service, { spec: { ports: ports as unknown as JsonValue } });
  },
});
