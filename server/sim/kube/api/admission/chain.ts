import type { ApiSettings } from "../settings.ts";
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from "./certificates.ts";
import { defaultIngressClass } from "./default-ingress-class.ts";
import { limitRanger } from "./limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeRestriction, taintNodesByCondition } from "./nodes.ts";
import type { AdmissionPlugin, Attributes } from "./plugin.ts";
import { validatingAdmissionPolicy } from "./policy/plugin.ts";
import { defaultTolerationSeconds, runtimeClass } from "./pods.ts";
import { podSecurity } from "./pod-security/plugin.ts";
import { priority } from "./priority.ts";
import { resourceQuota } from "./resource-quota.ts";
import { serviceAccount } from "./service-account.ts";
import { defaultStorageClass, persistentVolumeClaimResize } from "./storage.ts";
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from "./webhook/plugin.ts";

interface Entry {
  readonly plugin: AdmissionPlugin;
  readonly byDefault: boolean;
}

/** The plugins that are simulated, in the real order (pkg/kubeapiserver/options/plugins.go). */
const CHAIN: readonly Entry[] = [
  { plugin: namespaceLifecycle, byDefault: true },
  { plugin: limitRanger, byDefault: true },
  { plugin: serviceAccount, byDefault: true },
  { plugin: nodeRestriction, byDefault: false },
  { plugin: taintNodesByCondition, byDefault: true },
  { plugin: podSecurity, byDefault: true },
  { plugin: priority, byDefault: true },
  { plugin: defaultTolerationSeconds, byDefault: true },
  { plugin: defaultStorageClass, byDefault: true },
  { plugin: persistentVolumeClaimResize, byDefault: true },
  { plugin: runtimeClass, byDefault: true },
  { plugin: certificateApproval, byDefault: true },
  { plugin: certificateSigning, byDefault: true },
  { plugin: certificateSubjectRestriction, byDefault: true },
  { plugin: defaultIngressClass, byDefault: true },
  { plugin: mutatingAdmissionWebhook, byDefault: true },
  { plugin: validatingAdmissionPolicy, byDefault: true },
  { plugin: validatingAdmissionWebhook, byDefault: true },
  // Quotas are charged when all others have agreed.
  { plugin: resourceQuota, byDefault: true },
];

/** Plugins that the real server has and this one does not simulate. */
const NOT_SIMULATED: readonly string[] = [
  "AlwaysAdmit", "AlwaysDeny", "AlwaysPullImages", "ClusterTrustBundleAttest", "DenyServiceExternalIPs",
  "EventRateLimit", "ExtendedResourceToleration", "ImagePolicyWebhook", "LimitPodHardAntiAffinityTopology",
  "MutatingAdmissionPolicy", "NamespaceAutoProvision", "NamespaceExists",
  "OwnerReferencesPermissionEnforcement", "PodNodeSelector", "PodTolerationRestriction",
  "PodTopologyLabels", "StorageObjectInUseProtection",
]; // prettier-ignore

/** What `--enable-admission-plugins` may name: the plugins that are simulated, and those that the real server knows besides. */
export function admissionPlugins(): {
  readonly simulated: readonly string[];
  readonly notSimulated: readonly string[];
} {
  const simulated = CHAIN.map(({ plugin }) => plugin.name);
  return { simulated, notSimulated: NOT_SIMULATED };
}

export function admit(settings: ApiSettings, attributes: Attributes): void {
  for (const plugin of enabled(settings, attributes)) plugin.admit?.(attributes);
}

export function validateAdmission(settings: ApiSettings, attributes: Attributes): void {
  for (const plugin of enabled(settings, attributes)) plugin.validate?.(attributes);
}

/** By what the flags disable and enable: those lists stay the same as long as the server runs. */
const chains = new WeakMap<readonly string[], WeakMap<readonly string[], Map<string, readonly AdmissionPlugin[]>>>();

function enabled(
  { disableAdmission, enableAdmission }: ApiSettings,
  { operation }: Attributes,
): readonly AdmissionPlugin[] {
  let byEnabled = chains.get(disableAdmission);
  if (!byEnabled) chains.set(disableAdmission, (byEnabled = new WeakMap()));
  let byOperation = byEnabled.get(enableAdmission);
  if (!byOperation) byEnabled.set(enableAdmission, (byOperation = new Map()));
  let plugins = byOperation.get(operation);
  if (!plugins) {
    const on = CHAIN.filter(({ plugin, byDefault }) =>
      byDefault ? !disableAdmission.includes(plugin.name) : enableAdmission.includes(plugin.name),
    );
    plugins = on.map(({ plugin }) => plugin).filter(({ operations }) => operations.includes(operation));
    byOperation.set(operation, plugins);
  }
  return plugins;
}
