import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { changePaths, IngressName } from "./ingress.ts";

export const ingressWrongPath = defineFault({
  name: "ingress-wrong-path",
  area: "ingress",
  words: "An Ingress is for another path than clients ask for",
  schema: z.strictObject({
    ...IngressName,
    path: z.string().startsWith("/").describe("the path that its rules get"),
    pathType: z.enum(["Prefix", "Exact"]).default("Exact").describe("how it is compared"),
  }),
  symptom: "the controller answers 404 for some or all paths",
  repair: "correct path and pathType of the rules",
  async apply(world, { path, pathType, ...name }) {
    await changePaths(world, name, (own) => ({ ...own, path, pathType }));
  },
});
