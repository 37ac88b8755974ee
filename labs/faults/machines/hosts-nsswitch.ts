import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName } from "../machine.ts";

export const hostsNsswitch = defineFault({
  name: "hosts-nsswitch",
  area: "machines",
  words: "A machine looks names up in the wrong places: hosts: in /etc/nsswitch.conf",
  schema: z.strictObject({
    on: MachineName,
    sources: z.enum(["files", "dns", "dns files"]).default("files").describe("what stands behind hosts:"),
  }),
  symptom:
    "without dns only the names of /etc/hosts are found, while dig answers; without files, /etc/hosts has no effect",
  repair: "write `hosts: files dns` into /etc/nsswitch.conf",
  async apply(world, { on, sources }) {
    editFile(world, on, "/etc/nsswitch.conf", (text) => text.replace(/^hosts:.*$/m, `hosts:          ${sources}`));
  },
});
