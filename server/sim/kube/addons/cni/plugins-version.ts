/** What the package kubernetes-cni 1.6.0 carries of containernetworking/plugins. */
export const PLUGINS_VERSION = "v1.6.0";

/** plugins pkg/utils/buildversion. `version` is that of the plugin's file, empty if it has none. */
export function aboutPlugin(name: string, version: string): string {
  return `CNI ${name} plugin ${version === "" ? PLUGINS_VERSION : version}`;
}
