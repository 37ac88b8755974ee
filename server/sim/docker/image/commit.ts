import { ROOT_INODE, type Inode } from "../../host/index.ts";
import type { ImageConfig } from "../../images/index.ts";
import { fileSystemOfBuilt, nameOfBuilt, type BuiltImageRow, type ImageRow } from "../../kube/kubelet/index.ts";
import type { Engine } from "../engine.ts";
import type { DockerContainer } from "../rows.ts";

export interface CommitOptions {
  readonly config: ImageConfig;
  readonly author?: string;
  readonly comment?: string;
  readonly step?: string;
}

/** Keeps a container's files as an image (daemon/commit.go). Nothing that is mounted into it belongs to it. */
export function commitContainer(engine: Engine, row: DockerContainer, options: CommitOptions): BuiltImageRow {
  const { runtime, machine, kernel } = engine;
  const parent = runtime.source.byName(engine.task(row.id).image)!;
  const own = runtime.builtImages.get(parent.id);
  const id = `sha256:${engine.newId()}`;
  machine.hosts.copyFileSystem(row.id, fileSystemOfBuilt(id));
  const added = changesOf(engine, row).reduce((sum, { bytes }) => sum + bytes, 0);
  const built: BuiltImageRow = {
    id,
    base: own?.base ?? parent.name,
    config: options.config,
    created: kernel.now,
    size: parent.size + added,
    author: options.author ?? "",
    comment: options.comment ?? "",
    parent: parent.id,
    ...(options.step === undefined ? {} : { step: options.step }),
  };
  runtime.builtImages.set(id, built);
  return built;
}

/** Puts an image that was made here among those that the machine has. */
export function keepImage(engine: Engine, { id, size }: BuiltImageRow): ImageRow {
  const { images } = engine.runtime;
  const known = images.get(id);
  if (known) return known;
  const row = { id, name: nameOfBuilt(id), repoTags: [], repoDigests: [], size };
  images.set(id, row);
  return row;
}

/** Gives an image one more name; an image that had it loses it. `reference` is in full: `docker.io/library/shop:1`. */
export function tagImage(engine: Engine, id: string, reference: string): void {
  const { images } = engine.runtime;
  for (const row of images.values())
    if (row.id !== id && row.repoTags.includes(reference))
      images.set(row.id, { ...row, repoTags: row.repoTags.filter((tag) => tag !== reference) });
  const row = images.get(id)!;
  if (!row.repoTags.includes(reference)) images.set(id, { ...row, repoTags: [...row.repoTags, reference] });
}

/** Forgets what was made here and is nobody's any more: no image's name, no container's, nothing that was built on it. */
export function forgetBuilt(engine: Engine, id: string): void {
  const { builtImages, images, containers } = engine.runtime;
  const row = builtImages.get(id);
  if (!row || images.has(id)) return;
  const name = nameOfBuilt(id);
  if ([...containers.values()].some(({ image }) => image === name)) return;
  if ([...builtImages.values()].some(({ parent }) => parent === id)) return;
  builtImages.delete(id);
  engine.machine.hosts.removeFileSystem(fileSystemOfBuilt(id));
  forgetBuilt(engine, row.parent);
}

export interface Change {
  readonly kind: "A" | "C" | "D";
  readonly path: string;
  /** How many bytes more there are. */
  readonly bytes: number;
}

/** How a container's files differ from its image's: added, changed, deleted (pkg/archive/changes.go), folders before what is in them. */
export function changesOf(engine: Engine, row: DockerContainer): Change[] {
  const { machine, runtime } = engine;
  const image = runtime.source.byName(engine.task(row.id).image)!;
  const here = machine.hosts.fileSystem(row.id);
  const own = image.fileSystem === undefined ? undefined : machine.hosts.fileSystem(image.fileSystem);
  const before: Look = (ino) => (own ? (own.has(ino) ? own.peek(ino) : undefined) : image.files.rows.get(ino));
  return compare((ino) => here.peek(ino), before, ROOT_INODE, ROOT_INODE, "");
}

type Look = (ino: number) => Inode | undefined;

function compare(here: Look, before: Look, ino: number, old: number | undefined, path: string): Change[] {
  const now = here(ino)!;
  const was = old === undefined ? undefined : before(old);
  const below: Change[] = [];
  const oldEntries: Readonly<Record<string, number>> = was?.type === "dir" ? was.entries : {};
  if (now.type === "dir") {
    for (const name of [...new Set([...Object.keys(oldEntries), ...Object.keys(now.entries)])].sort()) {
      const child = `${path}/${name}`;
      if (Object.hasOwn(now.entries, name))
        below.push(...compare(here, before, now.entries[name]!, oldEntries[name], child));
      else below.push({ kind: "D", path: child, bytes: 0 });
    }
  }
  if (path === "") return below;
  const bytes = now.type === "file" ? (now.size ?? now.data.length) : 0;
  if (!was) return [{ kind: "A", path, bytes }, ...below];
  if (now === was && below.length === 0) return [];
  return [{ kind: "C", path, bytes: now.type === "file" && now !== was ? bytes : 0 }, ...below];
}
