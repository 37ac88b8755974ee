import type { Process } from "../../../sim/host/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import type { Gvk } from "./resid.ts";

const FUNCTION = "config.kubernetes.io/function";

function isFolder(process: Process, path: string): boolean {
  const { files } = process.host;
  return files.exists(path, process) && files.stat(path, process).type === "dir";
}

/**
 * Why a plugin that is no built-in one cannot be used: none may be, or there is no such program; to run one is not simulated
 * (api/internal/plugins/loader/loader.go, api/konfig/plugins.go DefaultAbsPluginHome).
 */
export function refuseExternal(
  process: Process,
  { group, version, kind }: Gvk,
  annotations: Readonly<Record<string, unknown>>,
  allowed: boolean,
): GoError {
  if (!allowed) return new GoError(`external plugins disabled; unable to load external plugin '${kind}'`);
  if (annotations[FUNCTION] !== undefined) return new NotSimulated(`kustomize with the function '${kind}'`);
  const { KUSTOMIZE_PLUGIN_HOME: own = "", XDG_CONFIG_HOME: xdg = "", HOME: home = "" } = process.env;
  const roots = [
    [own, "homed in $KUSTOMIZE_PLUGIN_HOME"],
    [xdg === "" ? "" : `${xdg}/kustomize/plugin`, "homed in $XDG_CONFIG_HOME"],
    [`${home}/.config/kustomize/plugin`, "homed in default value of $XDG_CONFIG_HOME"],
    [`${home}/kustomize/plugin`, "homed in home directory"],
  ] as const;
  const { files } = process.host;
  const root = roots.find(([path]) => path !== "" && isFolder(process, path))?.[0];
  if (root === undefined) {
    const tried = roots.map(([path, note]) => `('${path || "<no value>"}'; ${note})`);
    return new GoError(`unable to find plugin root - tried: ${tried.join(", ")}`);
  }
  const path = [root, group, version, kind.toLowerCase(), kind].filter((part) => part !== "").join("/");
  if (files.exists(path, process) || files.exists(`${path}.so`, process))
    return new NotSimulated(`kustomize with the plugin '${path}'`);
  return new GoError(`expected file with Go object code at: ${path}.so`);
}
