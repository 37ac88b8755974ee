import type { Taint } from "../../api/index.ts";
import { normalized, unresolvable, type Plugin } from "../plugin.ts";
import { REPELLING, tolerates, untoleratedTaint } from "../tolerations.ts";

const PREFERENCE = "PreferNoSchedule";

export const taintToleration: Plugin = {
  name: "TaintToleration",
  weight: 3,
  filter({ spec }) {
    return ({ node }) => {
      const taint = untoleratedTaint(node.spec.taints, spec.tolerations, REPELLING);
      return taint && unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`);
    };
  },
  score({ spec }, _, candidates) {
    const about = (spec.tolerations ?? []).filter(({ effect = "" }) => effect === "" || effect === PREFERENCE);
    const unwanted = (taint: Taint): boolean =>
      taint.effect === PREFERENCE && !about.some((toleration) => tolerates(toleration, taint));
    return normalized(candidates, ({ node }) => (node.spec.taints ?? []).filter(unwanted).length, { reverse: true });
  },
};
