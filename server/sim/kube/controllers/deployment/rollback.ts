import { deployments } from "../../kinds/index.ts";
import { revisionOf, ROLLBACK_TO, rolledBackAnnotations } from "./annotations.ts";
import { sameTemplate, withoutHash } from "./replica-sets.ts";
import type { Rollout } from "./rollout.ts";

const NOT_FOUND = "DeploymentRollbackRevisionNotFound";

/** The revision that the annotation of old clients asks to go back to; 0 for the one before. */
export function rollbackRevision({ deployment }: Rollout): number | undefined {
  const text = deployment.metadata.annotations?.[ROLLBACK_TO];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** Takes over the template of an old revision (pkg/controller/deployment/rollback.go). Its number comes with the next look. */
export function rollBack(rollout: Rollout, asked: number): void {
  rollout.ensureNewest();
  const revision = asked === 0 ? secondHighest(rollout.sets.map(revisionOf)) : asked;
  const set = rollout.sets.find((one) => revisionOf(one) === revision);
  const { deployment } = rollout;
  const { name } = deployment.metadata;
  const { [ROLLBACK_TO]: _, ...annotations } = deployment.metadata.annotations ?? {};
  const cleared = { ...deployment, metadata: { ...deployment.metadata, annotations } };
  if (revision === 0 || !set) {
    const message = revision === 0 ? "Unable to find last revision." : "Unable to find the revision to rollback to.";
    rollout.event("Warning", NOT_FOUND, message);
    rollout.client.update(deployments, cleared);
    return;
  }
  if (sameTemplate(deployment.spec.template, set.spec.template)) {
    const message = `The rollback revision contains the same template as current deployment "${name}"`;
    rollout.event("Warning", "DeploymentRollbackTemplateUnchanged", message);
    rollout.client.update(deployments, cleared);
    return;
  }
  rollout.client.update(deployments, {
    ...cleared,
    metadata: { ...cleared.metadata, annotations: rolledBackAnnotations(cleared, set) },
    spec: { ...deployment.spec, template: withoutHash(set.spec.template) },
  });
  rollout.event("Normal", "DeploymentRollback", `Rolled back deployment "${name}" to revision ${revision}`);
}

function secondHighest(revisions: readonly number[]): number {
  return revisions.toSorted((a, b) => b - a)[1] ?? 0;
}
