import { parseGroupVersion, type Mapping } from "../client/api-resource.ts";
import type { Factory } from "../client/factory.ts";
import type { ApiObject } from "../client/rest-client.ts";
import { Aggregate, aggregate, GoError, isReason } from "../errors/go-error.ts";
import type { ResourceQuery } from "./builder.ts";
import { flatten } from "./documents.ts";
import { isList, nameOf, namespaceOf, withNamespace, type Info } from "./info.ts";

/** Gives things one after the other; a GoError among them is one that could not be had. Throwing ends this source. */
export type InfoSource = () => AsyncGenerator<Info | GoError>;

export interface ResultParts {
  /** Whether one object was asked for, so that it is not printed as a list. */
  readonly single: boolean;
  /** Whether things were named rather than selected. */
  readonly targetsSingleItems: boolean;
  readonly mappings: readonly Mapping[];
  readonly sources: readonly InfoSource[];
}

/** The things that were asked for (cli-runtime pkg/resource/result.go). */
export class Result {
  readonly #factory: Factory;
  readonly #query: ResourceQuery;
  readonly #sources: readonly InfoSource[];
  readonly single: boolean;
  readonly targetsSingleItems: boolean;
  readonly mappings: readonly Mapping[];

  constructor(factory: Factory, query: ResourceQuery, { single, targetsSingleItems, mappings, sources }: ResultParts) {
    this.#factory = factory;
    this.#query = query;
    this.#sources = sources;
    this.single = single;
    this.targetsSingleItems = targetsSingleItems;
    this.mappings = mappings;
  }

  /** The same question about things that are known already. */
  again(infos: readonly Info[]): Result {
    const one = async function* (info: Info): AsyncGenerator<Info> {
      yield info;
    };
    const { single, targetsSingleItems, mappings } = this;
    const sources = infos.map((info) => () => one(info));
    return new Result(this.#factory, this.#query, { single, targetsSingleItems, mappings, sources });
  }

  /** Visits each thing; throws the first error, or at the end all of them if the query goes on over errors. */
  async visit(act: (info: Info) => Promise<void>): Promise<void> {
    const { continueOnError } = this.#query;
    const ofSources: GoError[] = [];
    const ofItems: GoError[] = [];
    const note = (list: GoError[], error: unknown): void => {
      if (!continueOnError || !(error instanceof GoError)) throw error;
      list.push(error);
    };
    for (const source of this.#sources) {
      try {
        for await (const item of source()) {
          if (item instanceof GoError) {
            note(ofSources, item);
            continue;
          }
          const ofList: GoError[] = [];
          const infos = await this.#flattened(item);
          for (const info of infos) {
            try {
              if (info instanceof GoError) throw info;
              await act(await this.#prepared(info));
            } catch (error) {
              // The items of a list are all tried, whatever the query says of errors.
              if (infos[0] !== item && !continueOnError && error instanceof GoError) ofList.push(error);
              else note(ofItems, error);
            }
          }
          if (ofList.length > 0) throw new Aggregate(ofList);
        }
      } catch (error) {
        note(ofSources, error);
      }
    }
    // The list of sources hands its errors up as one, even if it is a single one.
    const all = aggregate([...ofItems, ...(ofSources.length > 0 ? [new Aggregate(ofSources)] : [])]);
    if (all) throw all;
  }

  /** All things, and what went wrong on the way to the others. */
  async infos(): Promise<{ readonly infos: readonly Info[]; readonly error: GoError | undefined }> {
    const infos: Info[] = [];
    try {
      await this.visit((info) => {
        infos.push(info);
        return Promise.resolve();
      });
      return { infos, error: undefined };
    } catch (error) {
      if (error instanceof GoError) return { infos, error };
      throw error;
    }
  }

  /** All things; throws if one could not be had. */
  async all(): Promise<readonly Info[]> {
    const { infos, error } = await this.infos();
    if (error) throw error;
    return infos;
  }

  /** The items of a list, each as a thing of its own; errors of unknown kinds stand in their places. */
  async #flattened(info: Info): Promise<readonly (Info | GoError)[]> {
    const { object } = info;
    if (!this.#query.flatten || !object || !isList(object)) return [info];
    const items: (Info | GoError)[] = [];
    for (const item of flatten(object)) items.push(await this.#item(info, item));
    return items;
  }

  async #item(list: Info, item: ApiObject): Promise<Info | GoError> {
    const { source, subresource } = list;
    try {
      const own = item["kind"] === undefined || `${item["kind"] as string}List` === list.object!["kind"];
      const mapping = own && list.source === "" ? list.mapping : await this.#mappingOfItem(item);
      return { mapping, namespace: namespaceOf(item), name: nameOf(item), source, object: item, subresource };
    } catch (error) {
      if (error instanceof GoError) return error;
      throw error;
    }
  }

  async #mappingOfItem(item: ApiObject): Promise<Mapping> {
    const { group, version } = parseGroupVersion((item["apiVersion"] as string | undefined) ?? "");
    const mapper = await this.#factory.mapper();
    try {
      return await mapper.mappingOf(group, version, (item["kind"] as string | undefined) ?? "");
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      // One of several errors: `error: ` is lost on the way.
      throw new Aggregate([new Aggregate([new GoError(`unable to recognize ${error.message}`)])]);
    }
  }

  /** Namespaces set, and fetched if only the name was known. */
  async #prepared(info: Info): Promise<Info> {
    const { namespace, enforceNamespace, requireObject = true } = this.#query;
    let placed = info;
    const namespaced = this.#query.local ? info.namespace !== "" : info.mapping.namespaced;
    if (!namespaced && this.#query.local) return info;
    if (!namespaced) placed = inNamespace(info, "");
    else if (info.namespace === "") placed = inNamespace(info, namespace);
    else if (enforceNamespace && info.namespace !== namespace)
      throw new GoError(
        `the namespace from the provided object ${JSON.stringify(info.namespace)} does not match the namespace ${JSON.stringify(namespace)}. You must pass '--namespace=${info.namespace}' to perform this operation.`,
      );
    if (placed.object !== undefined || !requireObject) return placed;
    return { ...placed, object: await fetchObject(this.#factory, placed, this.#query.accept) };
  }
}

function inNamespace(info: Info, namespace: string): Info {
  const { object } = info;
  if (!object || isList(object)) return { ...info, namespace };
  return { ...info, namespace, object: namespaceOf(object) === namespace ? object : withNamespace(object, namespace) };
}

/** Gets an object; where the namespace itself is missing, that is the error (visitor.go Info.Get). */
export async function fetchObject(factory: Factory, info: Info, accept?: string): Promise<ApiObject> {
  const { mapping, namespace, name, subresource } = info;
  const helper = await factory.helper();
  try {
    return await helper.get({ mapping, namespace, name, subresource }, accept);
  } catch (error) {
    if (isReason(error, "NotFound") && namespace !== "" && namespace !== "default") {
      const client = await factory.client();
      try {
        await client.object({
          method: "GET",
          path: `/api/v1/namespaces/${encodeURIComponent(namespace)}`,
          subject: { group: "", resource: "", name: "" },
        });
      } catch (second) {
        if (isReason(second, "NotFound")) throw second;
        if (!(second instanceof GoError)) throw second;
      }
    }
    throw error;
  }
}
