import type { PriorityClass } from "../../../sim/kube/api/index.ts";
import { labelText } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe PriorityClassDescriber */
export async function describePriorityClass(session: DescribeSession, subject: Subject): Promise<string> {
  const priority = await session.get<PriorityClass>(subject);
  const out = session.paper();
  out.field("Name", priority.metadata.name);
  out.field("Value", priority.value);
  out.field("GlobalDefault", priority.globalDefault ?? false);
  out.field("PreemptionPolicy", priority.preemptionPolicy ?? "");
  out.field("Description", priority.description ?? "");
  out.field("Annotations", labelText(priority.metadata.annotations));
  await session.events(out, priority, "PriorityClass");
  return out.text;
}
