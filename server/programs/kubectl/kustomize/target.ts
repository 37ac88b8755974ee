import type { Process } from "../../../sim/host/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import { defaultConfig, mergeConfigs, readConfig, type TransformerConfig } from "./config.ts";
import type { Helm } from "./helm.ts";
import { COMPONENT, readKustomization, type Kustomization } from "./kustomization.ts";
import { HttpError, type Loader } from "./loader.ts";
import { below, configured, hasOrigin, setOrigin, addTransformation, type Origin } from "./origin.ts";
import { loadGenerator, loadTransformer } from "./plugins.ts";
import { inFile, isLocal, readResources } from "./read-resources.ts";
import { ResMap } from "./resmap.ts";
import type { Resource } from "./resource.ts";
import { builtinGenerators, builtinTransformers, type Step } from "./steps.ts";
import { addHashes } from "./transform/hash.ts";
import { fixReferences } from "./transform/name-references.ts";
import { noteVariables, resolveVariables, variableOf, variablesText, type Variable } from "./transform/variables.ts";
import { MalformedYaml } from "./yaml/parse.ts";

/** What a build has gathered so far (api/internal/accumulator). */
export interface Accumulator {
  readonly map: ResMap;
  config: TransformerConfig;
  readonly variables: Variable[];
}

/** What all targets of one build share. */
export interface Build {
  warn(text: string): Promise<void>;
  readonly process: Process;
  readonly helm: Helm;
  /** `--enable-alpha-plugins`: those that are no built-in ones are looked for. */
  readonly plugins: boolean;
}

const FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

export function emptyAccumulator(): Accumulator {
  return { map: new ResMap(), config: defaultConfig(), variables: [] };
}

/** A folder with a kustomization (api/internal/target/kusttarget.go). */
export class Target {
  readonly #loader: Loader;
  readonly #build: Build;
  readonly kustomization: Kustomization;
  /** What the kustomization at the top asks for. */
  readonly #metadata: readonly string[];
  /** This folder, relative to the one at the top. */
  readonly #folder: string;
  readonly #file: string;

  private constructor(
    loader: Loader,
    build: Build,
    file: string,
    kustomization: Kustomization,
    parent?: Target,
    folder = "",
  ) {
    this.#loader = loader;
    this.#build = build;
    this.#file = file;
    this.kustomization = kustomization;
    this.#metadata = parent ? parent.#metadata : (kustomization.buildMetadata ?? []);
    this.#folder = folder;
  }

  static async load(loader: Loader, build: Build, parent?: Target, folder?: string): Promise<Target> {
    const { file, text } = await kustomizationFile(loader);
    const kustomization = await readKustomization(text, loader.root, (warning) => build.warn(warning));
    if (kustomization.openapi) await refuseOpenApi(kustomization.openapi, loader);
    return new Target(loader, build, file, kustomization, parent, folder);
  }

  /** The whole of it: names get their hashes, and what refers to them follows. */
  async build(): Promise<ResMap> {
    const gathered = await this.gather(emptyAccumulator());
    const { map, config, variables } = gathered;
    addHashes(map.list);
    fixReferences(map, config.nameReference);
    const unused = resolveVariables(map, variables, config.varReference);
    if (unused.length > 0) await this.#build.warn(`well-defined vars that were never replaced: ${unused.join(",")}\n`);
    map.list = map.list.filter((resource) => !resource.isEmpty && !isLocal(resource));
    return map;
  }

  async gather(into: Accumulator): Promise<Accumulator> {
    const { resources = [], configurations = [], crds = [], components = [], vars = [] } = this.kustomization;
    let gathered = await prefixed("accumulating resources", () => this.#addResources(into, resources));
    for (const path of configurations)
      gathered.config = mergeConfigs(gathered.config, readConfig(await this.#loader.text(path)));
    for (const path of crds) {
      await prefixed(`loading CRDs [${crds.join(" ")}]`, () => this.#loader.text(path));
      throw new NotSimulated("kustomize with the field 'crds'");
    }
    await this.#generate(gathered);
    gathered = await prefixed("accumulating components", () => this.#addComponents(gathered, components));
    await this.#transform(gathered);
    await this.#validate(gathered);
    await prefixed(`merging vars ${variablesText(vars)}`, () =>
      noteVariables(gathered.map, gathered.variables, vars.map(variableOf)),
    );
    return gathered;
  }

  async #addResources(into: Accumulator, paths: readonly string[]): Promise<Accumulator> {
    for (const path of paths) {
      try {
        await this.#addFile(into, path);
      } catch (error) {
        if (!(error instanceof GoError) || error instanceof HttpError || error instanceof NotSimulated) throw error;
        await this.#addFolderInstead(into, path, error);
      }
    }
    return into;
  }

  async #addFile(into: Accumulator, path: string): Promise<void> {
    const at = `accumulating resources from '${path}'`;
    const resources = await prefixed(at, async () => {
      const text = await this.#loader.text(path);
      try {
        const map = new ResMap();
        map.appendAll(readResources(text).filter((resource) => !isLocal(resource)));
        return map.list;
      } catch (error) {
        throw inFile(error, path);
      }
    });
    if (this.#tells) for (const resource of resources) setOrigin(resource, { path: below(this.#folder, path) });
    await prefixed(`merging resources from '${path}'`, () => into.map.appendAll(resources));
  }

  /** What could not be read as a file may be a folder. */
  async #addFolderInstead(into: Accumulator, path: string, failure: GoError): Promise<void> {
    let loader: Loader;
    try {
      loader = await this.#loader.folder(path);
    } catch (error) {
      if (!(error instanceof GoError) || error instanceof NotSimulated) throw error;
      if (failure instanceof MalformedYaml) throw failure;
      throw new GoError(`accumulation err='${failure.message}': ${error.message}`);
    }
    await prefixed(`accumulation err='${failure.message}'`, () => this.#addFolder(into, loader, path, false));
  }

  async #addComponents(into: Accumulator, paths: readonly string[]): Promise<Accumulator> {
    let gathered = into;
    for (const path of paths) {
      let loader: Loader;
      try {
        loader = await this.#loader.folder(path);
      } catch (error) {
        if (!(error instanceof GoError) || error instanceof NotSimulated) throw error;
        throw new GoError(`loader.New ${JSON.stringify(error.message)}`);
      }
      try {
        gathered = await this.#addFolder(gathered, loader, path, true);
      } catch (error) {
        if (!(error instanceof GoError) || error instanceof NotSimulated) throw error;
        throw new GoError(`accumulateDirectory: ${JSON.stringify(error.message)}`);
      }
    }
    return gathered;
  }

  /** A base is built by itself and added; a component works on what there is. */
  async #addFolder(into: Accumulator, loader: Loader, path: string, isComponent: boolean): Promise<Accumulator> {
    const { root } = loader;
    const target = await prefixed(`couldn't make target for path '${root}'`, () =>
      Target.load(loader, this.#build, this, below(this.#folder, path)),
    );
    const { kind } = target.kustomization;
    if (isComponent && kind !== COMPONENT)
      throw new GoError(`expected kind '${COMPONENT}' for path '${root}' but got '${kind}'`);
    if (!isComponent && kind === COMPONENT) throw new GoError(`expected kind != '${COMPONENT}' for path '${root}'`);
    const at = `recursed accumulation of path '${root}'`;
    const inner = await prefixed(at, () => target.gather(isComponent ? into : emptyAccumulator()));
    if (isComponent) return inner;
    await prefixed(`recursed merging from path '${root}'`, () => {
      into.map.appendAll(inner.map.list);
      into.config = mergeConfigs(into.config, inner.config);
      for (const variable of inner.variables) {
        if (into.variables.some((known) => known.variable === variable.variable))
          throw new GoError(`var '${variable.variable}' already encountered`);
        into.variables.push(variable);
      }
    });
    return into;
  }

  get #tells(): boolean {
    return this.#metadata.length > 0;
  }

  #configured(kind: string): Origin {
    return configured(below(this.#folder, this.#file), kind);
  }

  async #generate(gathered: Accumulator): Promise<void> {
    const { kustomization } = this;
    const steps = await builtinGenerators(kustomization, this.#loader, this.#build);
    const loading = "loading generator plugins";
    for (const [plugin, file] of await prefixed(loading, () => this.#plugins(kustomization.generators ?? []))) {
      const make = await prefixed(`${loading}: failed to load generator`, () =>
        loadGenerator(plugin, this.#loader, this.#build),
      );
      steps.push({ kind: plugin.kind, file, id: plugin.id, make });
    }
    for (const { kind, file, id, make } of steps) {
      const origin = file === undefined ? this.#configured(kind) : configured(file, kind, id);
      const made = await make();
      for (const resource of made) {
        if (this.#tells && !hasOrigin(resource)) setOrigin(resource, origin);
        await prefixed("merging from generator &{0xc000000000 <nil>}", () => gathered.map.absorb(resource));
      }
    }
  }

  /** The plugins that a list names: those written out in it first, then those in files. */
  async #plugins(elements: readonly string[]): Promise<(readonly [plugin: Resource, file: string])[]> {
    const inner = emptyAccumulator();
    const file = below(this.#folder, this.#file);
    const inline = new Set<Resource>();
    const paths: string[] = [];
    for (const element of elements) {
      const found = inlinePlugins(element);
      if (!found) paths.push(element);
      else
        for (const plugin of found) {
          inner.map.append(plugin);
          inline.add(plugin);
        }
    }
    const files = new Map<Resource, string>();
    for (const path of paths) {
      const before = new Set(inner.map.list);
      await this.#addResources(inner, [path]);
      for (const plugin of inner.map.list) if (!before.has(plugin)) files.set(plugin, below(this.#folder, path));
    }
    return inner.map.list.map((plugin) => [plugin, inline.has(plugin) ? file : files.get(plugin)!] as const);
  }

  async #transform(gathered: Accumulator): Promise<void> {
    const steps: Step[] = await builtinTransformers(this.kustomization, gathered.config, this.#loader);
    for (const [plugin, file] of await this.#plugins(this.kustomization.transformers ?? [])) {
      const transform = await loadTransformer(plugin, this.#loader, this.#build);
      steps.push({ kind: plugin.kind, file, id: plugin.id, transform });
    }
    const { map } = gathered;
    for (const { kind, file, id, transform } of steps) {
      const before = this.#tells ? map.list.map((resource) => ({ resource, text: resource.node?.copy() })) : [];
      transform(map);
      if (before.length > 0) this.#tell(map, file === undefined ? this.#configured(kind) : configured(file, kind, id));
      map.dropEmpties();
    }
  }

  #tell({ list }: ResMap, origin: Origin): void {
    for (const resource of list) if (!resource.isEmpty) addTransformation(resource, origin);
  }

  async #validate({ map }: Accumulator): Promise<void> {
    for (const [plugin] of await this.#plugins(this.kustomization.validators ?? [])) {
      const transform = await loadTransformer(plugin, this.#loader, this.#build);
      const before = map.list.map((resource) => resource.yaml()).join("---\n");
      transform(map);
      if (map.list.map((resource) => resource.yaml()).join("---\n") !== before)
        throw new GoError("validator shouldn't modify the resource map");
    }
  }
}

/** Plugins that stand in the list itself; nothing if it is a path. */
function inlinePlugins(element: string): readonly Resource[] | undefined {
  try {
    const map = new ResMap();
    map.appendAll(readResources(element));
    return map.list;
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

async function kustomizationFile(loader: Loader): Promise<{ file: string; text: string }> {
  const found: { file: string; text: string }[] = [];
  for (const file of FILES) {
    try {
      found.push({ file, text: await loader.text(file) });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
    }
  }
  const { root } = loader;
  if (found.length > 1) throw new GoError(`Found multiple kustomization files under: ${root}\n`);
  const [only] = found;
  if (!only)
    throw new GoError(`unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`); // prettier-ignore
  return only;
}

/** Schemas other than the one that is built in. */
async function refuseOpenApi(fields: Readonly<Record<string, string>>, loader: Loader): Promise<void> {
  const { path, version } = fields;
  if (path !== undefined) {
    await loader.text(path);
    throw new NotSimulated("kustomize with the field 'openapi.path'");
  }
  if (version !== undefined && version !== "v1.21.2")
    throw new GoError("the specified OpenAPI version is not built in");
}

async function prefixed<T>(prefix: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof GoError) || error instanceof NotSimulated) throw error;
    const message = `${prefix}: ${error.message}`;
    if (error instanceof HttpError) throw new HttpError(message);
    if (error instanceof MalformedYaml) throw new MalformedYaml(message);
    throw new GoError(message);
  }
}
