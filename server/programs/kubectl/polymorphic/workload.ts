/** The kinds that kubectl knows as workloads (polymorphichelpers GroupKindElement.Accept). */
export function isWorkload(kind: string, group: string): boolean {
  if (group === "") return kind === "Pod" || kind === "ReplicationController";
  if (group === "batch") return kind === "Job" || kind === "CronJob";
  return group === "apps" && ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"].includes(kind);
}
