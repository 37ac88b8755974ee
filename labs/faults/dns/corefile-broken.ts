import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editCorefile } from "./corefile.ts";

export const corefileBroken = defineFault({
  name: "corefile-broken",
  area: "dns",
  words: "The Corefile has a plugin that CoreDNS does not know",
  schema: z.strictObject({ line: z.string().default("kubernets cluster.local").describe("the line that it gets") }),
  symptom: "the CoreDNS Pods crash, and nobody resolves anything; their log names the line",
  repair: "correct the Corefile in ConfigMap coredns and delete the CoreDNS Pods (or wait for the next restart)",
  async apply(world, { line }) {
    await editCorefile(world, (text) => text.replace(/^( *)ready$/m, `$1ready\n$1${line}`));
  },
});
