import type { Plugin } from "../plugin.ts";
import { unresolvable } from "../plugin.ts";
import { tolerates } from "../tolerations.ts";

const TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** Cordoned nodes are for nobody who does not tolerate that. */
export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  filter({ spec }) {
    if (spec.tolerations?.some((toleration) => tolerates(toleration, TAINT))) return undefined;
    return ({ node }) => (node.spec.unschedulable ? unresolvable("node(s) were unschedulable") : undefined);
  },
};
