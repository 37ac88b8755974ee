import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, Prefix, type } from "../machine.ts";

export const cniConfigSecond = defineFault({
  name: "cni-config-second",
  area: "cni",
  words: "A second CNI configuration is read before the cluster's own",
  schema: z.strictObject({
    on: MachineName,
    file: z
      .string()
      .regex(/^[\w.-]+\.conflist$/, "expected a file such as 00-bridge.conflist")
      .default("00-bridge.conflist")
      .describe("the file in /etc/cni/net.d; the first by name is used"),
    subnet: Prefix.default("192.168.77.0/24").describe("the network that Pods get addresses from"),
  }),
  symptom: "new Pods of one node have addresses of another network, and Pods of other nodes cannot reach them",
  repair: "delete the file from /etc/cni/net.d and recreate the Pods that were made with it",
  async apply(world, { on, file, subnet }) {
    const bridge = {
      type: "bridge",
      bridge: "br-old",
      isGateway: true,
      ipMasq: true,
      ipam: { type: "host-local", subnet },
    };
    const text = JSON.stringify({ cniVersion: "0.3.1", name: "old", plugins: [bridge] }, null, 2);
    await type(world, on, `cat > /etc/cni/net.d/${file} <<'END'\n${text}\nEND`);
  },
});
