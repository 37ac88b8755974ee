import type { DaemonSet, Deployment, JsonObject } from "../../../sim/kube/api/index.ts";

/** How far a rollout is: a line, and whether it is done; or why it never will be. */
export interface RolloutState {
  readonly text: string;
  readonly done: boolean;
  readonly error?: string;
}

type Viewer = (object: JsonObject, revision: number) => RolloutState;

/** Who reads a kind's rollout (kubectl pkg/polymorphichelpers/rollout_status.go). */
export function rolloutStatus(kind: string): Viewer | undefined {
  return { Deployment: ofDeployment, DaemonSet: ofDaemonSet, StatefulSet: ofStatefulSet }[kind];
}

const waiting = (text: string): RolloutState => ({ text, done: false });
const failed = (error: string): RolloutState => ({ text: "", done: false, error });

function ofDeployment(object: JsonObject, wanted: number): RolloutState {
  const { metadata, spec, status } = object as unknown as Deployment;
  const { name, generation = 0 } = metadata;
  if (wanted > 0) {
    const text = metadata.annotations?.["deployment.kubernetes.io/revision"] ?? "";
    if (!/^\d+$/.test(text))
      return failed(
        `cannot get the revision of deployment ${JSON.stringify(name)}: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
      );
    if (Number(text) !== wanted)
      return failed(`desired revision (${wanted}) is different from the running revision (${text})`);
  }
  const { observedGeneration = 0, updatedReplicas = 0, replicas = 0, availableReplicas = 0, conditions = [] } = status;
  if (generation > observedGeneration) return waiting("Waiting for deployment spec update to be observed...\n");
  const progressing = conditions.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded")
    return failed(`deployment ${JSON.stringify(name)} exceeded its progress deadline`);
  const head = `Waiting for deployment ${JSON.stringify(name)} rollout to finish: `;
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas)
    return waiting(`${head}${updatedReplicas} out of ${spec.replicas} new replicas have been updated...\n`);
  if (replicas > updatedReplicas)
    return waiting(`${head}${replicas - updatedReplicas} old replicas are pending termination...\n`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${head}${availableReplicas} of ${updatedReplicas} updated replicas are available...\n`);
  return { text: `deployment ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function ofDaemonSet(object: JsonObject): RolloutState {
  const { metadata, spec, status } = object as unknown as DaemonSet;
  const { name, generation = 0 } = metadata;
  const strategy = spec.updateStrategy?.type;
  if (strategy !== "RollingUpdate") return failed("rollout status is only available for RollingUpdate strategy type");
  const { observedGeneration = 0, updatedNumberScheduled = 0, desiredNumberScheduled, numberAvailable = 0 } = status;
  if (generation > observedGeneration) return waiting("Waiting for daemon set spec update to be observed...\n");
  const head = `Waiting for daemon set ${JSON.stringify(name)} rollout to finish: `;
  if (updatedNumberScheduled < desiredNumberScheduled)
    return waiting(`${head}${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...\n`);
  if (numberAvailable < desiredNumberScheduled)
    return waiting(`${head}${numberAvailable} of ${desiredNumberScheduled} updated pods are available...\n`);
  return { text: `daemon set ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

interface StatefulSetStatus {
  readonly observedGeneration?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
}

function ofStatefulSet(object: JsonObject): RolloutState {
  const {
    metadata,
    spec,
    status = {},
  } = object as unknown as {
    metadata: { generation?: number };
    spec: { replicas?: number; updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } } };
    status?: StatefulSetStatus;
  };
  const strategy = spec.updateStrategy ?? {};
  if (strategy.type !== "RollingUpdate")
    return failed("rollout status is only available for RollingUpdate strategy type");
  const {
    observedGeneration = 0,
    readyReplicas = 0,
    updatedReplicas = 0,
    currentRevision = "",
    updateRevision = "",
  } = status;
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration)
    return waiting("Waiting for statefulset spec update to be observed...\n");
  if (spec.replicas !== undefined && readyReplicas < spec.replicas)
    return waiting(`Waiting for ${spec.replicas - readyReplicas} pods to be ready...\n`);
  const partition = strategy.rollingUpdate?.partition;
  if (strategy.rollingUpdate) {
    const wanted = (spec.replicas ?? 0) - (partition ?? 0);
    if (spec.replicas !== undefined && partition !== undefined && updatedReplicas < wanted)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...\n`,
      );
    return { text: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...\n`, done: true };
  }
  if (updateRevision !== currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...\n`,
    );
  return {
    text: `statefulset rolling update complete ${status.currentReplicas ?? 0} pods at revision ${currentRevision}...\n`,
    done: true,
  };
}
