import { MILLISECOND } from "../../../kernel/index.ts";
import {
  sameJson,
  validSelector,
  watching,
  type Client,
  type ClusterRole,
  type ControllerLoop,
  type KubeObject,
  type PolicyRule,
} from "../../api/index.ts";
import { clusterRoles } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

const AGGREGATED = "rbac/aggregated";

/** Gives a ClusterRole with an aggregationRule the rules of those that it selects (pkg/controller/clusterroleaggregation). */
export class ClusterRoleAggregationController {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("clusterrole-aggregation-controller");
    this.loop = context.loop("clusterrole-aggregation-controller", this.#client, {
      name: "clusterrole-aggregation",
      watches: [watching(clusterRoles, () => this.#aggregated().map(({ metadata }) => metadata.name))],
      reconcile: (name) => this.#sync(name),
      delay: 2 * MILLISECOND,
    });
  }

  /** Any role may be part of any of them. */
  #aggregated(): readonly ClusterRole[] {
    return this.#client.indexed(clusterRoles, AGGREGATED, isAggregated, "yes");
  }

  #sync(name: string): void {
    const role = this.#client.get(clusterRoles, "", name);
    if (!role?.aggregationRule) return;
    const rules: PolicyRule[] = [];
    for (const selector of role.aggregationRule.clusterRoleSelectors ?? [])
      for (const part of this.#client.selected(clusterRoles, "", validSelector(selector)))
        if (part.metadata.name !== name)
          for (const rule of part.rules ?? []) if (!rules.some((known) => sameJson(known, rule))) rules.push(rule);
    if (!sameJson(rules, role.rules ?? [])) this.#client.update(clusterRoles, { ...role, rules });
  }
}

function isAggregated(object: KubeObject): readonly string[] {
  return (object as ClusterRole).aggregationRule ? ["yes"] : [];
}
