import { createHash } from "node:crypto";
import type { BaseFiles } from "../host/index.ts";
import { parseRfc3339 } from "../kernel/index.ts";
import { buildImageFiles, type FileSet } from "./files/image-files.ts";

/** How containers of an image start, unless the Pod says otherwise (the OCI image config). */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `NAME=value` */
  readonly env?: readonly string[];
  /** `nginx`, `101`, `101:101`; root if absent. */
  readonly user?: string;
  readonly workingDir?: string;
  /** `80/tcp` */
  readonly exposedPorts?: readonly string[];
  /** SIGTERM if absent. */
  readonly stopSignal?: string;
  readonly volumes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** What runs the shell form of RUN, CMD and ENTRYPOINT of images that are built on this one. */
  readonly shell?: readonly string[];
}

/** An image that was made on a machine from another one: its files are in the world's state. */
export interface OwnFiles {
  /** `sha256:…` */
  readonly id: string;
  readonly name: string;
  /** The files of the registry's image that it goes back to. */
  readonly base: BaseFiles;
  /** The id of the file system that has them all. */
  readonly fileSystem: string;
}

export interface ImageSpec {
  /** `docker.io/library/nginx` */
  readonly repository: string;
  /** What tells this image from others of the repository: `1.27.5-alpine`. It is also a tag of it. */
  readonly version: string;
  /** When it was built, RFC 3339. */
  readonly created: string;
  readonly config: ImageConfig;
  /** Bytes of its compressed layers, as `crictl images` and the event Pulled count them. */
  readonly size: number;
  readonly files: () => FileSet;
}

/** What a registry has under a tag. Files are built when first asked for, once for all sessions. */
export class Image {
  readonly spec: ImageSpec;
  #files: BaseFiles | undefined;
  #id: string | undefined;
  #digest: string | undefined;
  readonly #name: string | undefined;
  /** Where its files are, if they are no registry's. */
  readonly fileSystem: string | undefined;

  constructor(spec: ImageSpec, own?: OwnFiles) {
    this.spec = spec;
    this.#id = own?.id;
    this.#name = own?.name;
    this.#files = own?.base;
    this.fileSystem = own?.fileSystem;
  }

  get repository(): string {
    return this.spec.repository;
  }

  get config(): ImageConfig {
    return this.spec.config;
  }

  get size(): number {
    return this.spec.size;
  }

  /** Unique among all images, and the name of its base files in snapshots: `docker.io/library/nginx:1.27.5`. */
  get name(): string {
    return this.#name ?? `${this.spec.repository}:${this.spec.version}`;
  }

  get files(): BaseFiles {
    this.#files ??= buildImageFiles(`image:${this.name}`, this.spec.files(), parseRfc3339(this.spec.created)!);
    return this.#files;
  }

  /** The digest of its config, which `crictl images` shows the beginning of as IMAGE ID: `sha256:…` */
  get id(): string {
    this.#id ??= sha256(configJson(this.spec));
    return this.#id;
  }

  /** The digest of its manifest, by which a Pod's `imageID` names it: `sha256:…` */
  get digest(): string {
    this.#digest ??= sha256(JSON.stringify({ schemaVersion: 2, config: this.id, size: this.spec.size }));
    return this.#digest;
  }
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** In the order of the OCI image specification. */
function configJson(spec: ImageSpec): string {
  const { config, created } = spec;
  return JSON.stringify({
    created,
    architecture: "amd64",
    os: "linux",
    config: {
      User: config.user,
      ExposedPorts: config.exposedPorts && Object.fromEntries(config.exposedPorts.map((port) => [port, {}])),
      Env: config.env,
      Entrypoint: config.entrypoint,
      Cmd: config.cmd,
      Volumes: config.volumes && Object.fromEntries(config.volumes.map((path) => [path, {}])),
      WorkingDir: config.workingDir,
      Labels: { "org.opencontainers.image.version": spec.version },
      StopSignal: config.stopSignal,
    },
    // Images whose configurations are the same still differ in their layers.
    rootfs: { type: "layers", diff_ids: [sha256(`${spec.repository}:${spec.version} ${spec.size}`)] },
  });
}
