import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address } from "../machine.ts";
import { editCorefile } from "./corefile.ts";

export const corefileWrongUpstream = defineFault({
  name: "corefile-wrong-upstream",
  area: "dns",
  words: "CoreDNS forwards what it does not know itself to a server that does not answer",
  schema: z.strictObject({ upstream: Address.default("192.0.2.53").describe("the server behind forward .") }),
  symptom: "Services resolve, external names fail after a while (SERVFAIL or a timeout)",
  repair: "`forward . /etc/resolv.conf` in the Corefile, or the address of a server that answers",
  async apply(world, { upstream }) {
    await editCorefile(world, (text) => text.replace(/^( *forward \.).*?( \{)?$/m, `$1 ${upstream}$2`));
  },
});
