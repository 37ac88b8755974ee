import { z } from "zod";
import { findLink, peerOf } from "../../../server/sim/net/index.ts";
import { Scene } from "../../../grader/index.ts";
import { Refused } from "../../setup/admin.ts";
import { defineFault } from "../define-fault.ts";
import { type } from "../machine.ts";
import { Namespace } from "../object.ts";

export const vethUnplugged = defineFault({
  name: "veth-unplugged",
  area: "machines",
  words: "The node's end of a Pod's interface is no longer a port of the bridge",
  schema: z.strictObject({
    pods: z.string().describe("labels of the Pods that are meant: app=web"),
    namespace: Namespace,
  }),
  symptom: "the Pod is Running with an address, but nobody reaches it and it reaches nobody; its readiness probe fails",
  repair: "`bridge link` does not list the interface: `ip link set vethX master cni0`, or delete the Pod",
  async apply(world, { pods, namespace }) {
    const places = new Scene(world).places({ pods, namespace });
    if (places.length === 0) throw new Refused(`namespace ${namespace} has no running Pods with ${pods}`);
    for (const { name, ns } of places) {
      const inside = findLink(ns, "eth0");
      const end = inside && peerOf(ns, inside);
      if (!end) throw new Refused(`${name} has no interface of its own`);
      await type(world, end.ns.machine, `ip link set ${end.link.name} nomaster`);
    }
  },
});
