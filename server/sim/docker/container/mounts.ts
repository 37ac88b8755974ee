import { attempt, Errno, type Host } from "../../host/index.ts";
import { copyTree } from "../copy-tree.ts";
import { isRefused, type Engine, type Refused } from "../engine.ts";
import type { Bind, ContainerSpec, MountRow } from "../rows.ts";
import { createVolume, mountpointOf } from "../volume.ts";

/** The folders that a container gets: what was asked for, and a volume without a name for each VOLUME of its image. */
export function mountsOf(
  engine: Engine,
  { binds }: ContainerSpec,
  volumes: readonly string[] = [],
): MountRow[] | Refused {
  const mounts: MountRow[] = [];
  const asked = new Set(binds.map(({ target }) => target));
  const wanted: Bind[] = [...binds, ...volumes.filter((target) => !asked.has(target)).map(anonymous)];
  for (const bind of wanted) {
    const mount = mountOf(engine, bind);
    if (isRefused(mount)) return mount;
    mounts.push(mount);
  }
  return mounts;
}

function anonymous(target: string): Bind {
  return { type: "volume", source: "", target, readOnly: false, mode: "", noCopy: false, strict: false };
}

function mountOf(engine: Engine, { type, source, target, readOnly, mode, strict }: Bind): MountRow | Refused {
  if (type === "bind") {
    if (strict && !engine.host.files.exists(source))
      return { error: `invalid mount config for type "bind": bind source path does not exist: ${source}` };
    return { type, source, target, mode, readOnly };
  }
  const volume = createVolume(engine, source === "" ? {} : { name: source });
  if (isRefused(volume)) return volume;
  // Named ones are labelled for SELinux unless something else is asked for (volume/mounts/linux_parser.go).
  const shown = mode === "" && source !== "" ? "z" : mode;
  return { type, name: volume.name, source: mountpointOf(volume.name), target, mode: shown, readOnly };
}

/** An empty volume takes over what the image has at its place, with its owner (container/container_unix.go CopyImagePathContent). */
export function fillVolume(machine: Host, container: Host, { source, target }: MountRow): void {
  if (machine.files.list(source).length > 0) return;
  const there = attempt(() => container.files.stat(target));
  if (there instanceof Errno || there.type !== "dir") return;
  copyTree(container, container.files.realpath(target), machine, source);
}
