import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Refused } from "../../setup/admin.ts";
import { MachineName, Prefix, type } from "../machine.ts";

export const noMasquerade = defineFault({
  name: "no-masquerade",
  area: "machines",
  words: "Private addresses leave a machine untranslated: their MASQUERADE rule is gone",
  schema: z.strictObject({
    on: MachineName,
    source: Prefix.describe("the network whose rule goes, as `iptables -t nat -S POSTROUTING` shows it"),
  }),
  symptom:
    "namespaces or containers reach the machine itself, but nothing beyond: answers to their addresses find no way back",
  repair: "`iptables -t nat -A POSTROUTING -s NETWORK ! -o BRIDGE -j MASQUERADE`",
  async apply(world, { on, source }) {
    const rules = (await type(world, on, "iptables -t nat -S POSTROUTING")).split("\n");
    const rule = rules.find((line) => line.includes(` -s ${source} `) && line.includes("-j MASQUERADE"));
    if (rule === undefined) throw new Refused(`${on} masquerades nothing from ${source}`);
    await type(world, on, `iptables -t nat ${rule.replace("-A ", "-D ")}`);
  },
});
