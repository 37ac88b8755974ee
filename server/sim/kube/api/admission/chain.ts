import type { ApiSettings } from "../settings.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeRestriction, taintNodesByCondition } from "./nodes.ts";
import type { AdmissionPlugin, Attributes } from "./plugin.ts";
import { defaultTolerationSeconds, priority, runtimeClass } from "./pods.ts";
import { serviceAccount } from "./service-account.ts";
import { defaultStorageClass, persistentVolumeClaimResize } from "./storage.ts";

interface Entry {
  readonly plugin: AdmissionPlugin;
  readonly byDefault: boolean;
}

/** The plugins that are simulated, in the real order (pkg/kubeapiserver/options/plugins.go). */
const CHAIN: readonly Entry[] = [
  { plugin: namespaceLifecycle, byDefault: true },
  { plugin: serviceAccount, byDefault: true },
  { plugin: nodeRestriction, byDefault: false },
  { plugin: taintNodesByCondition, byDefault: true },
  { plugin: priority, byDefault: true },
  { plugin: defaultTolerationSeconds, byDefault: true },
  { plugin: defaultStorageClass, byDefault: true },
  { plugin: persistentVolumeClaimResize, byDefault: true },
  { plugin: runtimeClass, byDefault: true },
];

export function admit(settings: ApiSettings, attributes: Attributes): void {
  for (const plugin of enabled(settings, attributes)) plugin.admit?.(attributes);
}

export function validateAdmission(settings: ApiSettings, attributes: Attributes): void {
  for (const plugin of enabled(settings, attributes)) plugin.validate?.(attributes);
}

function* enabled(settings: ApiSettings, { operation }: Attributes): Generator<AdmissionPlugin> {
  for (const { plugin, byDefault } of CHAIN) {
    if (!plugin.operations.includes(operation)) continue;
    const on = byDefault
      ? !settings.disableAdmission.includes(plugin.name)
      : settings.enableAdmission.includes(plugin.name);
    if (on) yield plugin;
  }
}
