import type { Client } from "../../api/index.ts";
import { priorityClasses, SYSTEM_PRIORITY_CLASSES } from "../../kinds/index.ts";

/** What kube-apiserver makes once at its start if it is not there (pkg/registry/scheduling/rest AddSystemPriorityClasses). */
export function makeSystemPriorityClasses(client: Client): void {
  for (const systemClass of SYSTEM_PRIORITY_CLASSES)
    if (!client.get(priorityClasses, "", systemClass.metadata.name)) client.create(priorityClasses, systemClass);
}
