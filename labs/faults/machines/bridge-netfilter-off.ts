import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const bridgeNetfilterOff = defineFault({
  name: "bridge-netfilter-off",
  area: "machines",
  words: "Bridged packets of a node bypass iptables",
  schema: z.strictObject({ on: MachineName }),
  symptom:
    "a Pod reaches a Service only if the Pod behind it is on another node: answers on the same bridge come back untranslated",
  repair: "`sysctl -w net.bridge.bridge-nf-call-iptables=1`, and the same in /etc/sysctl.d",
  async apply(world, { on }) {
    await type(
      world,
      on,
      'sed -i "s/^net.bridge.bridge-nf-call-iptables.*/net.bridge.bridge-nf-call-iptables = 0/" /etc/sysctl.d/k8s.conf && sysctl -q -p /etc/sysctl.d/k8s.conf',
    );
  },
});
