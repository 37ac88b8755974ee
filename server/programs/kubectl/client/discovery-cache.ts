import { Errno, type Process } from "../../../sim/host/index.ts";
import { decode, encode, HOUR, type Bytes } from "../../../sim/kernel/index.ts";
import { groupVersion, parseGroupVersion, type ApiResource } from "./api-resource.ts";

/** How long a file counts. */
const LIFE = 6 * HOUR;
const GROUPS = "servergroups.json";
const RESOURCES = "serverresources.json";
const FOLDER_MODE = 0o750;
const FILE_MODE = 0o660;

/** metav1.APIGroupList, as far as it is read. */
interface GroupList {
  readonly groups?: readonly { readonly versions?: readonly { readonly groupVersion: string }[] }[];
}

/** metav1.APIResourceList */
interface ResourceList {
  readonly resources?: readonly ListedResource[];
}

/** metav1.APIResource; a subresource comes behind its resource, as `pods/log`. */
interface ListedResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** All calls read the same files: what was read of a text is kept. */
const remembered = new Map<string, unknown>();
const MOST_REMEMBERED = 512;

/**
 * A server's types as kubectl keeps them in files: `~/.kube/cache/discovery/172.30.1.2_6443/apps/v1/serverresources.json`
 * (client-go discovery/cached/disk). A folder that cannot be written to keeps nothing.
 */
export class DiscoveryCache {
  readonly #process: Process;
  readonly #folder: string;

  constructor(process: Process, folder: string, server: string) {
    this.#process = process;
    this.#folder = `${folder}/discovery/${server.replace(/^https?:\/\//, "").replaceAll(/[^\w/.()]/g, "_")}`;
  }

  /** Undefined if there is nothing, or it is too old. */
  read(): readonly ApiResource[] | undefined {
    const { files } = this.#process.host;
    try {
      const { mtime } = files.stat(`${this.#folder}/${GROUPS}`, this.#process);
      if (this.#process.kernel.now > mtime + LIFE) return undefined;
      const { groups = [] } = this.#json(`${this.#folder}/${GROUPS}`, (list: GroupList) => list);
      return groups.flatMap(({ versions = [] }) =>
        versions.flatMap((one) =>
          this.#json(`${this.#folder}/${one.groupVersion}/${RESOURCES}`, (list: ResourceList) =>
            resourcesIn(one.groupVersion, list),
          ),
        ),
      );
    } catch (error) {
      if (error instanceof Errno || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  write(resources: readonly ApiResource[]): void {
    const versions = Map.groupBy(resources, groupVersion);
    const groups = Map.groupBy(versions.keys(), (version) => parseGroupVersion(version).group);
    try {
      for (const [version, list] of versions)
        this.#write(`${this.#folder}/${version}/${RESOURCES}`, {
          kind: "APIResourceList",
          apiVersion: "v1",
          groupVersion: version,
          resources: list.flatMap(listed),
        });
      this.#write(`${this.#folder}/${GROUPS}`, {
        kind: "APIGroupList",
        apiVersion: "v1",
        groups: [...groups].map(([name, of]) => {
          const named = of.map((one) => ({ groupVersion: one, version: parseGroupVersion(one).version }));
          return { name, versions: named, preferredVersion: named[0] };
        }),
      });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  #json<Document extends object, Read>(path: string, read: (document: Document) => Read): Read {
    const data = this.#process.host.files.read(path, this.#process);
    let known = remembered.get(data);
    if (known === undefined) {
      known = read(JSON.parse(decode(data)) as Document);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(data, known);
    }
    return known as Read;
  }

  #write(path: string, document: object): void {
    const { files } = this.#process.host;
    this.#folderOf(path);
    const isNew = !files.exists(path, this.#process);
    files.write(path, shared(encode(`${JSON.stringify(document)}\n`)), { mode: FILE_MODE }, this.#process);
    if (isNew) files.chmod(path, FILE_MODE, this.#process);
  }

  #folderOf(path: string): void {
    const { files } = this.#process.host;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (folder === "" || files.exists(folder, this.#process)) return;
    this.#folderOf(folder);
    files.mkdir(folder, { mode: FOLDER_MODE }, this.#process);
  }
}

/** All homes of all sessions hold the same few texts: one copy of each. */
const texts = new Map<Bytes, Bytes>();

function shared(text: Bytes): Bytes {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= MOST_REMEMBERED) texts.clear();
  texts.set(text, text);
  return text;
}

function resourcesIn(version: string, { resources = [] }: ResourceList): readonly ApiResource[] {
  const own = parseGroupVersion(version);
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map((one) => ({
      ...own,
      name: one.name,
      singular: one.singularName ?? "",
      kind: one.kind ?? "",
      namespaced: one.namespaced ?? false,
      shortNames: one.shortNames ?? [],
      categories: one.categories ?? [],
      verbs: one.verbs ?? [],
      subresources: resources
        .filter(({ name }) => name.startsWith(`${one.name}/`))
        .map(({ name, group, version: served, kind = "", verbs = [] }) => ({
          name: name.slice(one.name.length + 1),
          group: group ?? own.group,
          version: served ?? own.version,
          kind,
          verbs,
        })),
    }));
}

function listed(resource: ApiResource): ListedResource[] {
  const { name, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
  return [
    {
      name,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
    },
    ...subresources.map((one) => {
      const elsewhere = one.group !== resource.group || one.version !== resource.version;
      return {
        name: `${name}/${one.name}`,
        singularName: singular,
        namespaced,
        ...(elsewhere ? { group: one.group, version: one.version } : {}),
        kind: one.kind,
        verbs: one.verbs,
      };
    }),
  ];
}
