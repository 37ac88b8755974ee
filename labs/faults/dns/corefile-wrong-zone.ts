import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editCorefile } from "./corefile.ts";

export const corefileWrongZone = defineFault({
  name: "corefile-wrong-zone",
  area: "dns",
  words: "CoreDNS serves another cluster domain than Pods ask for",
  schema: z.strictObject({
    zone: z
      .string()
      .regex(/^[\w.-]+$/, "expected a domain")
      .default("cluster.lokal")
      .describe("the zone behind kubernetes"),
  }),
  symptom: "no Service resolves (NXDOMAIN), external names do",
  repair: "write cluster.local, the kubelet's clusterDomain, behind kubernetes in the Corefile",
  async apply(world, { zone }) {
    await editCorefile(world, (text) => text.replace(/^( *kubernetes )\S+/m, `$1${zone}`));
  },
});
