import type { Time } from "../kernel/index.ts";
import { Directory } from "../kube/kubelet/index.ts";
import { isRefused, type Engine, type Refused } from "./engine.ts";

export const VOLUMES = "/var/lib/docker/volumes";

/** A volume of the driver `local`: a folder of the machine that outlives containers. */
export interface VolumeRow {
  readonly name: string;
  readonly created: Time;
  readonly labels: Readonly<Record<string, string>>;
  /** Made for a container that gave no name: it goes with `docker rm -v` and `--rm`. */
  readonly anonymous: boolean;
}

export function mountpointOf(name: string): string {
  return `${VOLUMES}/${name}/_data`;
}

/** Makes a volume, or finds the one of that name (volume/local and volume/service). */
export function createVolume(
  engine: Engine,
  wanted: { readonly name?: string; readonly driver?: string; readonly labels?: Readonly<Record<string, string>> },
): VolumeRow | Refused {
  const { name = engine.newId(), driver = "local", labels = {} } = wanted;
  const known = engine.volumes.get(name);
  if (known) return known;
  if (driver !== "local")
    return { error: `create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found` };
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return { error: badName(name) };
  const row: VolumeRow = { name, created: engine.kernel.now, labels, anonymous: wanted.name === undefined };
  Directory.at(engine.host, VOLUMES, 0o701).make(name, 0o701).make("_data");
  engine.volumes.set(name, row);
  return row;
}

function badName(name: string): string {
  if (name.length === 1)
    return `create ${name}: volume name is too short, names should be at least two alphanumeric characters`;
  return `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`;
}

/** The ids of the containers that have it, running or not. */
export function usersOf(engine: Engine, volume: string): string[] {
  return [...engine.containers.values()]
    .filter(({ mounts }) => mounts.some(({ name }) => name === volume))
    .map(({ id }) => id);
}

export function findVolume(engine: Engine, name: string): VolumeRow | Refused {
  return engine.volumes.get(name) ?? { error: `get ${name}: no such volume` };
}

export function removeVolume(engine: Engine, name: string): Refused | undefined {
  const row = findVolume(engine, name);
  if (isRefused(row)) return row;
  const users = usersOf(engine, name);
  if (users.length > 0) return { error: `remove ${name}: volume is in use - [${users.join(", ")}]` };
  engine.volumes.delete(name);
  Directory.at(engine.host, VOLUMES, 0o701).remove(name);
  return undefined;
}

/** Removes the volumes that were made for one container only. */
export function removeAnonymous(engine: Engine, volumes: readonly string[]): void {
  for (const name of volumes) if (engine.volumes.get(name)?.anonymous) removeVolume(engine, name);
}

/** The bytes of its files. */
export function sizeOf(engine: Engine, name: string): number {
  const { files } = engine.host;
  const below = (path: string): number =>
    files.list(path).reduce((sum, entry) => {
      const stat = files.lstat(`${path}/${entry}`);
      return sum + (stat.type === "dir" ? below(`${path}/${entry}`) : stat.type === "file" ? stat.size : 0);
    }, 0);
  return below(mountpointOf(name));
}
