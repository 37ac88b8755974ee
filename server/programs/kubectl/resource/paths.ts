import { matchesLabels, parseLabelSelector, type Selector } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { GoError } from "../errors/go-error.ts";
import type { ResourceQuery } from "./builder.ts";
import { checkType, flatten, infoOf, localInfo, readDocuments } from "./documents.ts";
import { isList, metadataOf, type Info } from "./info.ts";
import { fetchObject, Result } from "./result.ts";
import { openSources, type FilenameOptions, type Source, type Sources } from "./sources.ts";

/** What files, folders, URLs and standard input hold. */
export class PathResult {
  readonly #factory: Factory;
  readonly #query: ResourceQuery;
  readonly #sources: Sources;

  constructor(factory: Factory, query: ResourceQuery, files: FilenameOptions) {
    this.#factory = factory;
    this.#query = query;
    this.#sources = openSources(factory.process, factory.ports, files);
  }

  /** With a selector, only objects whose labels it takes. */
  result(labels: string | undefined): Result {
    const selector = labels ? parseLabelSelector(labels) : undefined;
    if (typeof selector === "object" && "error" in selector)
      throw new GoError(`the provided selector ${JSON.stringify(labels)} is not valid: ${selector.error}`);
    const { sources, single } = this.#sources;
    return new Result(this.#factory, this.#query, {
      single,
      targetsSingleItems: true,
      mappings: [],
      sources: sources.map((source) => () => this.#infos(source, selector)),
    });
  }

  async *#infos(source: Source, selector: Selector | undefined): AsyncGenerator<Info | GoError> {
    const { checkDocument, local, typed } = this.#query;
    for (const document of readDocuments(await source.read())) {
      if ("error" in document) throw new GoError(`error parsing ${source.name}: ${document.error}`);
      await checkDocument?.(source.name, document.value);
      let info: Info;
      try {
        if (typed) checkType(document, source.name);
        info = local
          ? localInfo(document, source.name)
          : await infoOf(document, source.name, () => this.#factory.mapper());
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        yield error;
        continue;
      }
      yield* this.#each(info, selector);
    }
  }

  async *#each(info: Info, selector: Selector | undefined): AsyncGenerator<Info | GoError> {
    if (!selector && !this.#query.latest) return yield info;
    const objects = this.#query.flatten ? flatten(info.object!) : [info.object!];
    for (const object of objects) {
      if (selector && !matchesLabels(selector, metadataOf(object)["labels"] as Record<string, string> | undefined))
        continue;
      const one =
        object === info.object
          ? info
          : await infoOf({ value: object, raw: "" }, info.source, () => this.#factory.mapper());
      yield this.#query.latest ? await this.#latest(one) : one;
    }
  }

  /** The object as the server has it, or why it cannot be had: those after it are fetched all the same. */
  async #latest(info: Info): Promise<Info | GoError> {
    if (isList(info.object!))
      throw new GoError(
        "watch is only supported on individual resources and resource collections, but a list of resources is found",
      );
    const namespace = info.mapping.namespaced && info.namespace === "" ? this.#query.namespace : info.namespace;
    const placed = { ...info, namespace };
    if (info.name === "") return placed;
    try {
      return { ...placed, object: await fetchObject(this.#factory, placed, this.#query.accept) };
    } catch (error) {
      if (error instanceof GoError) return error;
      throw error;
    }
  }
}
