import type { PodDisruptionBudget } from "../../../sim/kube/api/index.ts";
import { formatSelector } from "./selector-text.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe PodDisruptionBudgetDescriber */
export async function describeDisruptionBudget(session: DescribeSession, subject: Subject): Promise<string> {
  const budget = await session.get<PodDisruptionBudget>(subject);
  const { metadata, spec, status } = budget;
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  if (spec.minAvailable !== undefined) out.field("Min available", spec.minAvailable);
  else if (spec.maxUnavailable !== undefined) out.field("Max unavailable", spec.maxUnavailable);
  out.field("Selector", spec.selector ? formatSelector(spec.selector) : "<unset>");
  out.line(0, "Status:");
  out.field("Allowed disruptions", status.disruptionsAllowed, 2);
  out.field("Current", status.currentHealthy, 2);
  out.field("Desired", status.desiredHealthy, 2);
  out.field("Total", status.expectedPods, 2);
  await session.events(out, budget, "PodDisruptionBudget");
  return out.text;
}
