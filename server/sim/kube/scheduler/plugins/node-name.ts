import { unresolvable, type Plugin } from "../plugin.ts";

/** A Pod that names its node goes to no other. */
export const nodeName: Plugin = {
  name: "NodeName",
  filter({ spec }) {
    if (!spec.nodeName) return undefined;
    return ({ name }) =>
      name === spec.nodeName ? undefined : unresolvable("node(s) didn't match the requested node name");
  },
};
