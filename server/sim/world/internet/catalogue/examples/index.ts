import { CONFIGURATION } from "./configuration.ts";
import { NETWORKING } from "./networking.ts";
import { PODS } from "./pods.ts";
import { WORKLOADS } from "./workloads.ts";

/** Manifests of the Kubernetes documentation by their path below https://k8s.io/examples/. */
export const KUBERNETES_EXAMPLES: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...CONFIGURATION, ...NETWORKING, ...PODS, ...WORKLOADS }),
);
