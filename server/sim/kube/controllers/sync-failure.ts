import { quote, type StatusError } from "../api/index.ts";
import type { ControllerName } from "./controller-names.ts";

/** What a controller makes of an error that it will try again after: where it says so, and its words. */
interface Words {
  readonly source: string;
  words(key: string, error: string): string;
}

const REPLICAS: Words = {
  source: "replica_set.go:562",
  words: (key, error) => `sync ${quote(key)} failed with ${error}`,
};

/**
 * The controllers that tell the log of a failed sync at the usual verbosity, in the words of each (their processNextWorkItem
 * in pkg/controller); the others tell it at a higher one, or not at all.
 */
const TOLD: Partial<Readonly<Record<ControllerName, Words>>> = {
  "replicaset-controller": REPLICAS,
  "replicationcontroller-controller": REPLICAS,
  "daemonset-controller": {
    source: "daemon_controller.go:329",
    words: (key, error) => `${key} failed with : ${error}`,
  },
  "statefulset-controller": {
    source: "stateful_set.go:438",
    words: (key, error) => `error syncing StatefulSet ${key}, requeuing: ${error}`,
  },
  "job-controller": { source: "job_controller.go:631", words: (_, error) => `syncing job: ${error}` },
  "cronjob-controller": {
    source: "cronjob_controllerv2.go:168",
    words: (key, error) => `error syncing CronJobController ${key}, requeuing: ${error}`,
  },
  "disruption-controller": {
    source: "disruption.go:631",
    words: (key, error) => `Error syncing PodDisruptionBudget ${key}, requeuing: ${error}`,
  },
  "namespace-controller": {
    source: "namespace_controller.go:164",
    words: (key, error) => `deletion of namespace ${key} failed: ${error}`,
  },
};

/** A sync that failed, as the log tells it: `replica_set.go:562`, and the words. */
export interface SyncFailure {
  readonly source: string;
  readonly words: string;
}

export function syncFailure(name: ControllerName, key: string, error: StatusError): SyncFailure | undefined {
  const told = TOLD[name];
  return told && { source: told.source, words: told.words(key, error.message) };
}
