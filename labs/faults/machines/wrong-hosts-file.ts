import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address, editFile, MachineName } from "../machine.ts";

export const wrongHostsFile = defineFault({
  name: "wrong-hosts-file",
  area: "machines",
  words: "/etc/hosts of a machine gives a name the wrong address",
  schema: z.strictObject({
    on: MachineName,
    name: z
      .string()
      .regex(/^[\w.-]+$/, "expected a host name")
      .describe("the name"),
    address: Address.describe("the address that it gets"),
  }),
  symptom: "one machine reaches the wrong place by that name, although DNS answers right: dig and ping disagree",
  repair: "`getent hosts NAME` shows what programs see: correct /etc/hosts",
  async apply(world, { on, name, address }) {
    editFile(world, on, "/etc/hosts", (text) => {
      const words = (line: string): string[] => line.replace(/#.*/, "").trim().split(/\s+/).slice(1);
      const others = text.split("\n").filter((line) => !words(line).includes(name));
      return [`${address} ${name}`, ...others].join("\n");
    });
  },
});
