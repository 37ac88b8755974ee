import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { changeRules, IngressName } from "./ingress.ts";

export const ingressWrongHost = defineFault({
  name: "ingress-wrong-host",
  area: "ingress",
  words: "An Ingress is for another host name than clients ask for",
  schema: z.strictObject({ ...IngressName, host: z.string().describe("the host that its rules get") }),
  symptom: "the controller answers 404 for the host that clients ask for",
  repair: "correct host of the rules",
  async apply(world, { host, ...name }) {
    await changeRules(world, name, (rule) => ({ ...rule, host }));
  },
});
