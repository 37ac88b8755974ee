import { attempt, Errno, join } from "../../../host/index.ts";
import type { Container } from "../../api/index.ts";
import type { CriMount } from "../cri/api.ts";
import { Directory } from "../cri/directory.ts";
import { expand } from "../environment/expansion.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodRow } from "../pods/row.ts";
import { volumePath } from "./mount.ts";
import { memorySize } from "./tmpfs.ts";

/** Volumes that the kubelet keeps in memory: here they are directories of the machine, and look like it in the container. */
const TMPFS = new Set(["secret", "projected"]);

/** Where a container sees the volumes of its Pod (kubelet_pods.go makeMounts). */
export function volumeMounts(
  kubelet: Kubelet,
  row: PodRow,
  container: Container,
  value: (name: string) => string | undefined,
): { readonly ok: CriMount[] } | { readonly error: string } {
  const mounts: CriMount[] = [];
  for (const { name, mountPath, readOnly = false, subPath = "", subPathExpr = "", ...rest } of container.volumeMounts ??
    []) {
    if (rest.recursiveReadOnly === "Enabled")
      return {
        error: `volume ${JSON.stringify(name)} requested recursive read-only mode, but it is not supported by the runtime`,
      };
    const volume = row.pod.spec.volumes?.find((one) => one.name === name);
    if (!volume)
      return {
        error: `cannot find volume ${JSON.stringify(name)} to mount into container ${JSON.stringify(container.name)}`,
      };
    const missing = subPathExpr === "" ? undefined : missingValue(subPathExpr, value);
    if (missing !== undefined) return { error: `missing value for ${JSON.stringify(missing)}` };
    const below = subPathExpr === "" ? subPath : expand(subPathExpr, value);
    if (below.startsWith("/")) return { error: `error SubPath \`${below}\` must not be an absolute path` };
    if (below.split("/").includes(".."))
      return { error: `unable to provision SubPath \`${below}\`: must not contain '..'` };
    const place = volumePath(kubelet, row, volume);
    if (!place)
      return {
        error: `cannot find volume ${JSON.stringify(name)} to mount into container ${JSON.stringify(container.name)}`,
      };
    const { plugin } = place;
    let hostPath = place.path;
    if (below !== "") {
      hostPath = join(hostPath, below);
      const made = makeSubPath(kubelet, hostPath);
      if (made !== undefined)
        return {
          error: `failed to create subPath directory for volumeMount ${JSON.stringify(name)} of container ${JSON.stringify(container.name)}`,
        };
    }
    mounts.push({
      containerPath: mountPath.startsWith("/") ? mountPath : `/${mountPath}`,
      hostPath: resolveLinks(kubelet, hostPath, below !== ""),
      readOnly: readOnly || place.readOnly || ["configmap", "secret", "downward-api", "projected"].includes(plugin),
      ...(TMPFS.has(plugin) ? { type: "tmpfs", size: memorySize(kubelet, row) } : {}),
    });
  }
  return { ok: mounts };
}

/** A name in `$(…)` that has no value. */
function missingValue(text: string, value: (name: string) => string | undefined): string | undefined {
  for (const [whole, name = ""] of text.matchAll(/\$\$|\$\(([^)]+)\)/g))
    if (whole !== "$$" && value(name) === undefined) return name;
  return undefined;
}

function makeSubPath(kubelet: Kubelet, path: string): string | undefined {
  if (kubelet.host.files.exists(path)) return undefined;
  const made = attempt(() => Directory.at(kubelet.host, path, 0o750));
  return made instanceof Errno ? made.message : undefined;
}

/** A subPath is bound as what it is now: later versions of a ConfigMap are not seen through it. */
function resolveLinks(kubelet: Kubelet, path: string, sub: boolean): string {
  if (!sub) return path;
  const real = attempt(() => kubelet.host.files.realpath(path));
  return real instanceof Errno ? path : real;
}
