import { matchesRequiredNode, matchesTerm } from "../node-selector.ts";
import { normalized, unresolvable, type Plugin } from "../plugin.ts";

export const nodeAffinity: Plugin = {
  name: "NodeAffinity",
  weight: 2,
  filter({ spec }) {
    if (!spec.nodeSelector && !spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution)
      return undefined;
    return ({ node }) =>
      matchesRequiredNode(spec, node) ? undefined : unresolvable("node(s) didn't match Pod's node affinity/selector");
  },
  score({ spec }, _, candidates) {
    const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    return normalized(candidates, ({ node }) =>
      preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
    );
  },
};
