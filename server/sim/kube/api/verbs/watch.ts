import { SECOND, type Duration } from "../../../kernel/index.ts";
import type { RequestContext } from "../context.ts";
import { ComeAgain, type StreamEnd, type Watch, type WatchEvent } from "../request.ts";
import { exactField, matches, selectionOf, type Selection } from "../selectors/index.ts";
import { errors, StatusError } from "../status.ts";
import type { Change } from "../store/history.ts";
import type { Scope } from "../store/listeners.ts";
import type { KubeObject } from "../types/meta.ts";
import { fromStored } from "./create.ts";
import { listOptions } from "./list-options.ts";
import { badVersion, select } from "./read.ts";

/** How an object of the watch is written: as it is, as a Table, or its metadata. */
export type Render = (object: KubeObject, options: { readonly bookmark: boolean }) => unknown;

/** Plans the end of a watch; returns what cancels it. */
export type Timer = (after: Duration, end: () => void) => () => void;

/** A watch without `timeoutSeconds` ends after half an hour to an hour (`--min-request-timeout`). */
const MIN_SECONDS = 1800;
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** A watch as the request wants it. Throws the Status of a request that makes no sense. */
export function watch(context: RequestContext, render: Render, timer: Timer): Watch {
  const { query } = context.request;
  const selection = selectionOf(context.kind, query);
  const { name } = context.request;
  const named =
    name === ""
      ? selection
      : { ...selection, fields: [...selection.fields, { field: "metadata.name", equal: true, value: name }] };
  const options = listOptions(query, true);
  const { resourceVersion: version, sendInitialEvents } = options;
  if (version !== "" && !/^\d+$/.test(version)) throw badVersion(version);
  const anywhere = version === "" || version === "0";
  return new ObjectWatch(context, named, render, timer, {
    from: sendInitialEvents
      ? undefined
      : anywhere
        ? sendInitialEvents === false
          ? context.store.revision
          : undefined
        : Number(version),
    bookmarks: options.bookmarks,
    initialEnd: sendInitialEvents === true && options.bookmarks,
    seconds: options.timeoutSeconds,
  });
}

interface Options {
  /** Tell what happened after this revision; undefined: tell what is there. */
  readonly from: number | undefined;
  readonly bookmarks: boolean;
  /** Mark the end of what was there with a bookmark. */
  readonly initialEnd: boolean;
  readonly seconds: number | undefined;
}

class ObjectWatch implements Watch {
  readonly #context: RequestContext;
  readonly #selection: Selection;
  readonly #render: Render;
  readonly #timer: Timer;
  readonly #options: Options;
  #onEvent: (event: WatchEvent) => void = () => {};
  #onEnd: StreamEnd = () => {};
  #undo: (() => void)[] = [];
  #open = false;
  /** Whether the client has learned a revision since the store last told how far it is. */
  #heard = true;

  constructor(context: RequestContext, selection: Selection, render: Render, timer: Timer, options: Options) {
    this.#context = context;
    this.#selection = selection;
    this.#render = render;
    this.#timer = timer;
    this.#options = options;
  }

  start(onEvent: (event: WatchEvent) => void, onEnd: StreamEnd): void {
    this.#onEvent = onEvent;
    this.#onEnd = onEnd;
    this.#open = true;
    const { store, registry, kind, random } = this.#context;
    const stored = registry.stored(kind);
    const { from, seconds } = this.#options;
    const began = store.revision;
    // Listening comes first: whoever hears the first events may write.
    const hear = (change: Change): void => void (change.revision > began && this.#converting(() => this.#tell(change)));
    this.#undo.push(store.listen(stored, hear, this.#scope()));
    if (this.#options.bookmarks) this.#undo.push(store.follow((revision) => this.#follow(revision)));
    if (from === undefined) this.#converting(() => this.#tellInitial());
    else {
      const changes = store.since(stored, from);
      if (!changes) return this.#fail(errors.expiredWatch(from, store.oldestRevision - 1));
      this.#converting(() => changes.forEach((change) => this.#tell(change)));
    }
    if (!this.#open) return;
    const span = seconds ?? MIN_SECONDS + random.below("kube/watch", MIN_SECONDS);
    this.#undo.push(this.#timer(span * SECOND, () => this.#end()));
  }

  stop(): void {
    this.#open = false;
    for (const undo of this.#undo.splice(0)) undo();
  }

  #end(): void {
    this.stop();
    this.#onEnd();
  }

  #tellInitial(): void {
    const revision = this.#context.store.revision;
    for (const object of select(this.#context, this.#selection)) this.#send("ADDED", object);
    if (this.#options.initialEnd) this.#bookmark(revision, true);
  }

  /** An object that begins or ceases to match is told as if it were created or deleted (apiserver cacher). */
  #tell(change: Change): void {
    if (!this.#open) return;
    const { kind, namespace } = this.#context;
    const now = change.type === "DELETED" ? undefined : fromStored(this.#context, change.object);
    const before = change.previous && fromStored(this.#context, change.previous);
    const inside = namespace === "" || change.object.metadata.namespace === namespace;
    const matched = inside && before !== undefined && matches(kind, this.#selection, before);
    if (inside && now && matches(kind, this.#selection, now)) this.#send(matched ? "MODIFIED" : "ADDED", now);
    else if (matched) this.#send("DELETED", withRevision(before, change.revision));
  }

  /** A watch ends with an object that cannot be converted to the version that is watched. */
  #converting(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      if (error instanceof StatusError) this.#fail(error);
      else if (error instanceof ComeAgain)
        this.#fail(errors.unknownError("conversion webhook failed: context deadline exceeded"));
      else throw error;
    }
  }

  /** The writes that can concern this watch. */
  #scope(): Scope {
    const { kind, namespace } = this.#context;
    const name = exactField(this.#selection, "metadata.name");
    if (name !== undefined && (namespace !== "" || !kind.namespaced)) return { namespace, name };
    const { labels } = this.#selection;
    const label =
      labels === "nothing" ? undefined : labels.find(({ operator }) => operator === "=" || operator === "==");
    if (label) return { label: `${label.key}=${label.values[0]!}` };
    return namespace === "" ? {} : { namespace };
  }

  /** A watch that hears nothing gets a bookmark before what it has seen is forgotten. */
  #follow(revision: number): void {
    if (!this.#heard) this.#bookmark(revision, false);
    this.#heard = false;
  }

  #bookmark(revision: number, initialEnd: boolean): void {
    this.#heard = true;
    const annotations = initialEnd ? { annotations: { [INITIAL_EVENTS_END]: "true" } } : {};
    const object = { metadata: { resourceVersion: String(revision), creationTimestamp: null, ...annotations } };
    this.#onEvent({ type: "BOOKMARK", object: this.#render(object as unknown as KubeObject, { bookmark: true }) });
  }

  #send(type: WatchEvent["type"], object: KubeObject): void {
    if (!this.#open) return;
    this.#heard = true;
    this.#onEvent({ type, object: this.#render(object, { bookmark: false }) });
  }

  #fail(error: StatusError): void {
    this.#onEvent({ type: "ERROR", object: error.status });
    this.#end();
  }
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
