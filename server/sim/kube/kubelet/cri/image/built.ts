import { Image, type ImageConfig } from "../../../../images/index.ts";
import { rfc3339, type Table, type Time } from "../../../../kernel/index.ts";
import type { ImageSource } from "./source.ts";

/** An image that was made on this machine: `docker commit`, `docker build`. Its files are the file system `image/‹id›`. */
export interface BuiltImageRow {
  /** `sha256:…` */
  readonly id: string;
  /** The name of the registry's image that its files go back to. */
  readonly base: string;
  readonly config: ImageConfig;
  readonly created: Time;
  readonly size: number;
  readonly author: string;
  readonly comment: string;
  /** The id of the image that it was made from. */
  readonly parent: string;
  /** What was done to the parent: the line of a Dockerfile with all that it depends on. By it, builds find what they did before. */
  readonly step?: string;
}

const PREFIX = "built:";

export function nameOfBuilt(id: string): string {
  return `${PREFIX}${id}`;
}

export function fileSystemOfBuilt(id: string): string {
  return `image/${id}`;
}

/** The registries, and the images that were made on the machine. */
export function withBuilt(registries: ImageSource, built: Table<string, BuiltImageRow>): ImageSource {
  return {
    find: (reference) => registries.find(reference),
    byName(name) {
      if (!name.startsWith(PREFIX)) return registries.byName(name);
      const row = built.get(name.slice(PREFIX.length));
      return row && imageOfRow(row, registries);
    },
  };
}

function imageOfRow({ id, base, config, created, size }: BuiltImageRow, registries: ImageSource): Image {
  const from = registries.byName(base)!;
  const { repository, version, files } = from.spec;
  return new Image(
    { repository, version, created: `${rfc3339(created).slice(0, 19)}Z`, config, size, files },
    { id, name: nameOfBuilt(id), base: from.files, fileSystem: fileSystemOfBuilt(id) },
  );
}
