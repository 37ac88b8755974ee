import type { Duration, Kernel } from "../../kernel/index.ts";
import { attributesOf, forbiddenText, type AccessAttributes, type Authorization } from "./access.ts";
import type { Aggregator } from "./aggregation.ts";
import { RequestContext } from "./context.ts";
import { discover } from "./discovery.ts";
import { health, VERSION } from "./health.ts";
import { ALL_VERBS, apiVersion, type AnyKind, type StreamHandler, type Subresource } from "./kind.ts";
import { EXPOSITION_TYPE } from "./metrics/exposition.ts";
import { healthMetricsPage, metricsPage } from "./metrics/page.ts";
import { RequestCounts } from "./metrics/request-counts.ts";
import { negotiate, type Form } from "./negotiate.ts";
import { writeOptions } from "./options.ts";
import { openApi } from "./openapi/index.ts";
import { openApiV2 } from "./openapi/v2.ts";
import { Registry } from "./registry.ts";
import { ComeAgain, parameter, type ApiRequest, type ApiResponse } from "./request.ts";
import type { ApiSettings } from "./settings.ts";
import { rootPaths, unsimulatedPath } from "./root-paths.ts";
import { errors, StatusError, type Status } from "./status.ts";
import { Store } from "./store/store.ts";
import { includeObjectOf, partialMetadata, tableOf, withType } from "./table.ts";
import type { KubeObject } from "./types/meta.ts";
import { create } from "./verbs/create.ts";
import { readDeleteOptions, remove, removeObject } from "./verbs/delete.ts";
import { patch } from "./verbs/patch.ts";
import { get, list, type Listed } from "./verbs/read.ts";
import { act, readView, writeView } from "./verbs/subresource.ts";
import { update } from "./verbs/update.ts";
import { watch, type Render } from "./verbs/watch.ts";

export interface ApiServerOptions {
  /** Names the tables of this cluster: `kube/<cluster>/…`. */
  readonly cluster: string;
  readonly kinds: readonly AnyKind[];
  /** What the flags of the process say now. */
  readonly settings: () => ApiSettings;
  /** How many writes a watch can look back. */
  readonly history?: number;
  /** Freezes stored objects: for tests. */
  readonly freeze?: boolean;
}

/** The writes of five minutes (see History), but not more than these: what a busy session keeps of its past. */
const HISTORY = 1000;

/**
 * The Kubernetes API server of one simulated cluster. All its state is in tables of the kernel: after restore and fork a
 * new one over the new kernel goes on where the old one was, without its watches.
 */
export class ApiServer {
  readonly store: Store;
  readonly registry: Registry;
  readonly cluster: string;
  readonly kernel: Kernel;
  /** What was asked and answered so far. */
  readonly requests: RequestCounts;
  /** Who passes requests on to other servers, if anybody does. */
  aggregator: Aggregator | undefined;
  /** Sees each request and its answer, which it passes on, for who reads a session again. */
  audit: ((request: ApiRequest, answer: () => ApiResponse) => ApiResponse) | undefined;
  readonly #settings: () => ApiSettings;
  readonly #streams = new Map<string, StreamHandler>();
  readonly #timers = new Map<number, () => void>();
  readonly #timerKind: string;

  constructor(kernel: Kernel, options: ApiServerOptions) {
    this.kernel = kernel;
    this.cluster = options.cluster;
    this.store = new Store(kernel, options.cluster, {
      history: options.history ?? HISTORY,
      freeze: options.freeze ?? false,
    });
    this.registry = new Registry(options.kinds, this.store);
    this.requests = new RequestCounts(kernel, options.cluster);
    this.#settings = options.settings;
    this.#timerKind = `kube/${options.cluster}/watch-timeout`;
    kernel.handle(this.#timerKind, (_, event) => this.#timers.get(event.id)?.());
  }

  /** Registers who answers a stream subresource (`pods`, `log`): the kubelets. */
  stream(plural: string, subresource: string, handler: StreamHandler): void {
    this.#streams.set(`${plural}/${subresource}`, handler);
  }

  /** Answers a request. Nothing is thrown but bugs: refusals are answers with a Status. */
  handle(request: ApiRequest): ApiResponse {
    const response = this.audit ? this.audit(request, () => this.#answer(request)) : this.#answer(request);
    this.requests.count(request, response);
    return response;
  }

  #answer(request: ApiRequest): ApiResponse {
    try {
      return request.path === undefined ? this.#resource(request) : this.#path(request, request.path);
    } catch (error) {
      return failed(error, []);
    }
  }

  /** A request under way on behalf of a client of this process, past discovery and negotiation. */
  context(kind: AnyKind, request: ApiRequest, dryRun: boolean): RequestContext {
    const parts = { kernel: this.kernel, store: this.store, registry: this.registry, settings: this.#settings() };
    return new RequestContext(parts, kind, request, dryRun);
  }

  #path(request: ApiRequest, path: string): ApiResponse {
    const settings = this.#settings();
    this.#authorize(settings, request);
    const healthy = health(settings, path, request.query);
    if (healthy) return text(healthy.text, healthy.code);
    if (path === "/version" || path === "/version/") return answer(VERSION);
    if (path === "/metrics") return text(metricsPage(this), 200, EXPOSITION_TYPE);
    if (path === "/metrics/slis") return text(healthMetricsPage(settings), 200, EXPOSITION_TYPE);
    const openId = settings.openId?.(path);
    if (openId) return text(openId.text, 200, openId.mediaType);
    const [, root, group, version] = path.split("/");
    if (root === "apis" && group && version) {
      const passed = this.aggregator?.pass(request, group, version);
      if (passed) return passed;
    }
    const document = discover(this.registry, settings, path, request.accept, this.aggregator?.remote() ?? []);
    if (document) return { ...answer(document.object), mediaType: document.mediaType };
    const api = openApi(this.registry, path);
    if (api) return answer(api);
    const old = openApiV2(this.registry, path, request.accept);
    if (old) return old;
    if (path === "/") return text(rootPaths(this.registry.kinds, settings), 200, "application/json");
    const missed = unsimulatedPath(path);
    return missed === undefined ? text("404 page not found\n", 404) : text(missed, 501);
  }

  #resource(request: ApiRequest): ApiResponse {
    const settings = this.#settings();
    this.#authorize(settings, request);
    const { group, version, resource } = request;
    const kind = this.registry.find(group, version, resource);
    const part = request.subresource === "" ? undefined : kind?.subresources?.[request.subresource];
    const passed = kind ? undefined : this.aggregator?.pass(request, group, version);
    if (passed) return passed;
    if (!kind || (request.subresource !== "" && !part) || misplaced(kind, request))
      return text("404 page not found\n", 404);
    const verbs = part ? part.verbs : (kind.verbs ?? ALL_VERBS);
    if (!verbs.includes(request.verb) || onlyRead(kind, request)) throw errors.methodNotAllowed();
    const unreachable = settings.etcdError?.();
    if (unreachable !== undefined) throw errors.unknownError(unreachable);
    const context = this.context(kind, request, this.#dryRun(request));
    if (kind.deprecation) context.warn(kind.deprecation);
    try {
      const response = part && part.type !== "part" ? this.#subresource(context, part) : this.#verb(context);
      return "warnings" in response ? { ...response, warnings: context.warnings } : response;
    } catch (error) {
      if (error instanceof ComeAgain)
        return { kind: "pending", after: error.after, request: { ...request, attempt: (request.attempt ?? 0) + 1 } };
      return failed(error, context.warnings);
    }
  }

  /** Asks whether something is allowed that is no request of its own: to impersonate, for instance. */
  authorize(attributes: AccessAttributes): Authorization {
    return this.#settings().authorize?.(attributes) ?? { allowed: true };
  }

  /** The words with which the server would forbid something; undefined if it is allowed. */
  refusal(attributes: AccessAttributes): string | undefined {
    const decision = this.authorize(attributes);
    return decision.allowed ? undefined : forbiddenBy(attributes, decision).message;
  }

  #authorize(settings: ApiSettings, request: ApiRequest): void {
    if (!settings.authorize) return;
    const attributes = attributesOf(request);
    const decision = settings.authorize(attributes);
    if (!decision.allowed) throw forbiddenBy(attributes, decision);
  }

  /** Whether nothing shall be written. DELETE says so in its body, too. */
  #dryRun(request: ApiRequest): boolean {
    return request.query["dryRun"] !== undefined;
  }

  #verb(context: RequestContext): ApiResponse {
    const { request } = context;
    const form = negotiate(request.accept);
    switch (request.verb) {
      case "get":
        return this.#one(context, shown(context, get(context)), form);
      case "list":
        return this.#many(context, listShown(context), form);
      case "watch":
        return this.#watch(context, form);
      case "create":
        return this.#one(context, create(context, writeOptions("CreateOptions", request)), form, 201);
      case "update": {
        const { object, created } = update(context, writeOptions("UpdateOptions", request));
        return this.#one(context, object, form, created ? 201 : 200);
      }
      case "patch": {
        const { object, created } = patch(context, writeOptions("PatchOptions", request));
        return this.#one(context, object, form, created ? 201 : 200);
      }
      case "delete": {
        const { context: deletion, options } = this.#deletion(context);
        return this.#removed(deletion, remove(deletion, options), form);
      }
      case "deletecollection": {
        const { context: deletion, options } = this.#deletion(context);
        const listed = list(deletion);
        const stored = this.registry.stored(context.kind);
        for (const { metadata } of listed.items) {
          const object = this.store.get(stored, metadata.namespace ?? "", metadata.name);
          if (object) removeObject(deletion, object, options);
        }
        return this.#many(deletion, listed, form);
      }
    }
  }

  #deletion(context: RequestContext): { context: RequestContext; options: ReturnType<typeof readDeleteOptions> } {
    const options = readDeleteOptions(context);
    const dry = !context.dryRun && (options.dryRun?.length ?? 0) > 0;
    return { context: dry ? context.asDryRun() : context, options };
  }

  #subresource(context: RequestContext, part: Subresource): ApiResponse {
    const { request, kind } = context;
    switch (part.type) {
      case "view":
        if (request.verb === "get") return answer(readView(context, part));
        return answer(
          writeView(context, part, writeOptions(request.verb === "patch" ? "PatchOptions" : "UpdateOptions", request)),
        );
      case "action":
        return answer(act(context, part, writeOptions("CreateOptions", request)), 201);
      case "stream": {
        const object = get(part.objectName ? this.#renamed(context, part.objectName(request.name)) : context);
        part.check?.(object, request);
        const handler = this.#streams.get(`${kind.plural}/${request.subresource}`);
        if (!handler) throw errors.notSimulated(`${kind.plural}/${request.subresource}`);
        return handler(object, request);
      }
      case "part":
        return this.#verb(context);
    }
  }

  /** The same request about the object of that name. */
  #renamed(context: RequestContext, name: string): RequestContext {
    return this.context(context.kind, { ...context.request, name }, context.dryRun);
  }

  #removed(context: RequestContext, result: KubeObject | Status, form: Form): ApiResponse {
    if ("status" in result && "code" in result) return answer(result);
    return this.#one(context, result, form);
  }

  #one(context: RequestContext, object: KubeObject, form: Form, code = 200): ApiResponse {
    return { ...answer(this.#rendered(context, object, form), code), mediaType: form.mediaType };
  }

  #rendered(context: RequestContext, object: KubeObject, { as, version }: Form): unknown {
    if (as === "object") return withType(context.kind, object);
    if (as === "PartialObjectMetadata") return partialMetadata(object, version);
    if (as === "PartialObjectMetadataList") throw errors.notAcceptable(["application/json", "application/yaml"]);
    const include = includeObjectOf(parameter(context.request.query, "includeObject"));
    const { resourceVersion } = object.metadata;
    return tableOf(context.kind, [object], { resourceVersion }, this.kernel.now, { version, include });
  }

  #many(context: RequestContext, { items, metadata }: Listed, { as, version, mediaType }: Form): ApiResponse {
    const { kind, request } = context;
    const shown = (object: unknown): ApiResponse => ({ ...answer(object), mediaType });
    if (as === "Table") {
      const include = includeObjectOf(parameter(request.query, "includeObject"));
      return shown(tableOf(kind, items, metadata, this.kernel.now, { version, include }));
    }
    if (as === "object") {
      // Lists of Go types leave out what is the same for all of them; those of custom resources do not.
      const typed = kind.schema?.type === "structural" ? items.map((item) => withType(kind, item)) : items;
      return shown({ kind: kind.listKind ?? `${kind.kind}List`, apiVersion: apiVersion(kind), metadata, items: typed });
    }
    if (as === "PartialObjectMetadata") throw errors.notAcceptable(["application/json", "application/yaml"]);
    return shown({
      kind: "PartialObjectMetadataList",
      apiVersion: `meta.k8s.io/${version}`,
      metadata,
      items: items.map((object) => partialMetadata(object, version)),
    });
  }

  #watch(context: RequestContext, form: Form): ApiResponse {
    const { kind, request } = context;
    let headers = true;
    const include = form.as === "Table" ? includeObjectOf(parameter(request.query, "includeObject")) : "None";
    const render: Render = (object, { bookmark }) => {
      if (form.as === "object") return withType(kind, object);
      if (form.as !== "Table") return partialMetadata(object, form.version);
      const { resourceVersion } = object.metadata;
      const options = { version: form.version, include, headers };
      headers = false;
      return tableOf(kind, bookmark ? [] : [object], { resourceVersion }, this.kernel.now, options);
    };
    const stream = watch(context, render, (after, end) => this.#timer(after, end));
    return { kind: "watch", watch: stream, mediaType: form.mediaType, warnings: [] };
  }

  #timer(after: Duration, end: () => void): () => void {
    const id = this.kernel.after(after, this.#timerKind, null, { periodic: true });
    this.#timers.set(id, () => {
      this.#timers.delete(id);
      end();
    });
    return () => {
      this.#timers.delete(id);
      this.kernel.cancel(id);
    };
  }
}

function shown(context: RequestContext, object: KubeObject): KubeObject {
  return context.kind.shown?.(object, context) ?? object;
}

function listShown(context: RequestContext): Listed {
  const listed = list(context);
  if (!context.kind.shown) return listed;
  return { ...listed, items: listed.items.map((object) => shown(context, object)) };
}

function forbiddenBy(attributes: AccessAttributes, { reason }: Authorization): StatusError {
  const { group, resource, name } = attributes;
  return errors.forbidden({ group, resource }, name, forbiddenText(attributes, reason));
}

/** A path that is no route: an object of a namespaced kind without namespace, or one of another in a namespace. */
function misplaced(kind: AnyKind, { namespace, name }: ApiRequest): boolean {
  return kind.namespaced ? namespace === "" && name !== "" : namespace !== "";
}

/** Whether a collection across namespaces is asked for what only one of a namespace can do. */
function onlyRead(kind: AnyKind, { namespace, verb }: ApiRequest): boolean {
  return kind.namespaced && namespace === "" && verb !== "list" && verb !== "watch";
}

function answer(object: unknown, code = 200): ApiResponse & { kind: "object" } {
  return { kind: "object", code, object, mediaType: "application/json", warnings: [] };
}

function text(words: string, code: number, mediaType = "text/plain; charset=utf-8"): ApiResponse {
  return { kind: "text", code, text: words, mediaType };
}

function failed(error: unknown, warnings: readonly string[]): ApiResponse {
  if (error instanceof StatusError) return { ...answer(error.status, error.status.code), warnings };
  throw error;
}
