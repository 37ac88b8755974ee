import { MINUTE, rfc3339, rfc3339Micro, SECOND, type Kernel, type Table, type Time } from "../../kernel/index.ts";
import { Unreachable, type Client } from "./client.ts";
import { apiVersion, type GroupVersionKind, type Kind } from "./kind.ts";
import { StatusError } from "./status.ts";
import type { ApiServer } from "./server.ts";
import type { Event } from "./types/core.ts";
import type { KubeObject, ObjectReference } from "./types/meta.ts";

export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

/** What an event is about: a reference, or an object of a kind. */
export function referenceTo(kind: GroupVersionKind, object: KubeObject, fieldPath = ""): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    kind: kind.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    apiVersion: apiVersion(kind),
    resourceVersion,
    ...(fieldPath === "" ? {} : { fieldPath }),
  };
}

// client-go/tools/record/events_cache.go
const AGGREGATE_AFTER = 10;
const AGGREGATE_SPAN = 10 * MINUTE;
const BURST = 25;
const REFILL = 300 * SECOND;
/** What one recorder remembers at most. */
const MEMORY = 1_000;

interface Tokens {
  readonly left: number;
  readonly at: Time;
}

interface Similar {
  readonly messages: readonly string[];
  readonly at: Time;
}

interface Known {
  readonly namespace: string;
  readonly name: string;
  readonly count: number;
}

/**
 * Records Events as a component does (client-go tools/record): equal ones are counted in one object, ten that differ in
 * their message only become one `(combined from similar events)`, and an object that causes too many is ignored for a
 * while. What it remembers is in a table of the kernel.
 */
export class EventRecorder {
  readonly #client: Client;
  readonly #events: Kind<Event>;
  readonly #source: EventSource;
  readonly #kernel: Kernel;
  readonly #tokens: Table<string, Tokens>;
  readonly #similar: Table<string, Similar>;
  readonly #known: Table<string, Known>;

  constructor(client: Client, events: Kind<Event>, source: EventSource) {
    this.#client = client;
    this.#events = events;
    this.#source = source;
    const { kernel, cluster } = client.server;
    this.#kernel = kernel;
    const prefix = `kube/${cluster}/recorder/${source.component}/${source.host ?? ""}`;
    this.#tokens = kernel.state.table(`${prefix}/tokens`, { quiet: true });
    this.#similar = kernel.state.table(`${prefix}/similar`, { quiet: true });
    this.#known = kernel.state.table(`${prefix}/known`, { quiet: true });
  }

  /** Records something that happened to an object. An unreachable or refusing server loses it, as in life. */
  event(about: ObjectReference, type: "Normal" | "Warning", reason: string, message: string): void {
    const object = [about.kind, about.namespace, about.name, about.uid, about.apiVersion].join("\0");
    const aggregateKey = [object, type, reason].join("\0");
    const aggregated = this.#aggregates(aggregateKey, message);
    const text = aggregated ? `(combined from similar events): ${message}` : message;
    const key = aggregated ? aggregateKey : [object, about.fieldPath, type, reason, message].join("\0");
    const known = this.#known.get(key);
    if (!this.#takeToken(object)) {
      if (known) remember(this.#known, key, { ...known, count: known.count + 1 });
      return;
    }
    try {
      this.#record(key, about, type, reason, text);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    }
  }

  /** Forgets everything: the process has started anew. */
  reset(): void {
    for (const table of [this.#tokens, this.#similar, this.#known]) table.clear();
  }

  #aggregates(key: string, message: string): boolean {
    const { now } = this.#kernel;
    const known = this.#similar.get(key);
    const fresh = known && now - known.at <= AGGREGATE_SPAN ? known.messages : [];
    const messages = fresh.includes(message) ? fresh : [...fresh, message];
    const full = messages.length >= AGGREGATE_AFTER;
    remember(this.#similar, key, { messages: full ? messages.slice(1) : messages, at: now });
    return full;
  }

  #takeToken(object: string): boolean {
    const { now } = this.#kernel;
    const bucket = this.#tokens.get(object) ?? { left: BURST, at: now };
    const left = Math.min(BURST, bucket.left + (now - bucket.at) / REFILL);
    remember(this.#tokens, object, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  }

  #record(key: string, about: ObjectReference, type: string, reason: string, message: string): void {
    const now = rfc3339(this.#kernel.now);
    const known = this.#known.get(key);
    if (known && this.#client.get(this.#events, known.namespace, known.name)) {
      const count = known.count + 1;
      this.#client.patch(this.#events, known, "merge-patch+json", { count, lastTimestamp: now, message });
      remember(this.#known, key, { ...known, count });
      return;
    }
    const { component, host = "" } = this.#source;
    const created = createEvent(this.#client, this.#events, about, {
      involvedObject: about,
      reason,
      message,
      source: host === "" ? { component } : { component, host },
      firstTimestamp: now,
      lastTimestamp: now,
      count: (known?.count ?? 0) + 1,
      type,
      reportingComponent: component,
      reportingInstance: host,
    });
    remember(this.#known, key, {
      namespace: created.metadata.namespace!,
      name: created.metadata.name,
      count: created.count!,
    });
  }
}

const SERIES_ENDS = 6 * MINUTE;
const SERIES_REFRESH = 30 * MINUTE;

interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly count: number;
  readonly seen: Time;
  readonly told: Time;
}

/**
 * Records Events in the newer way (client-go tools/events), as the scheduler does: with eventTime and action, without
 * count; what repeats within six minutes is a series, whatever its message.
 */
export class SeriesRecorder {
  readonly #client: Client;
  readonly #events: Kind<Event>;
  readonly #controller: string;
  readonly #instance: string;
  readonly #kernel: Kernel;
  readonly #series: Table<string, Series>;

  constructor(client: Client, events: Kind<Event>, controller: string, instance: string) {
    this.#client = client;
    this.#events = events;
    this.#controller = controller;
    this.#instance = instance;
    const { kernel, cluster } = client.server;
    this.#kernel = kernel;
    this.#series = kernel.state.table(`kube/${cluster}/recorder/${controller}/series`, { quiet: true });
  }

  event(about: ObjectReference, type: "Normal" | "Warning", reason: string, action: string, note: string): void {
    const key = [about.kind, about.namespace, about.name, about.uid, type, action, reason].join("\0");
    try {
      this.#record(key, about, type, reason, action, note);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
    }
  }

  #record(key: string, about: ObjectReference, type: string, reason: string, action: string, note: string): void {
    const { now } = this.#kernel;
    const known = this.#series.get(key);
    if (known && now - known.seen <= SERIES_ENDS && this.#client.get(this.#events, known.namespace, known.name)) {
      const count = known.count + 1;
      const tell = known.count === 1 || now - known.told >= SERIES_REFRESH;
      if (tell)
        this.#client.patch(this.#events, known, "merge-patch+json", {
          series: { count, lastObservedTime: rfc3339Micro(now) },
        });
      remember(this.#series, key, { ...known, count, seen: now, told: tell ? now : known.told });
      return;
    }
    const created = createEvent(this.#client, this.#events, about, {
      involvedObject: about,
      reason,
      message: note,
      eventTime: rfc3339Micro(now),
      type,
      action,
      reportingComponent: this.#controller,
      reportingInstance: this.#instance,
    });
    const { namespace = "", name } = created.metadata;
    remember(this.#series, key, { namespace, name, count: 1, seen: now, told: now });
  }
}

/** `<object>.<hex of unix nanoseconds>` in the object's namespace, or in `default` for objects that have none. */
function createEvent(client: Client, events: Kind<Event>, about: ObjectReference, event: object): Event {
  const name = `${about.name ?? ""}.${nextNanosecond(client.server).toString(16)}`;
  return client.create(events, { metadata: { name, namespace: about.namespace ?? "default" }, ...event });
}

/** Time as a fast clock shows it, so that names of Events of one microsecond sort as they came. */
function nextNanosecond({ kernel, cluster }: ApiServer): bigint {
  const last = kernel.state.table<string, { readonly at: Time; readonly nanos: number }>(
    `kube/${cluster}/recorder/clock`,
    { quiet: true },
  );
  const before = last.get("last");
  const nanos = (before?.at === kernel.now ? before.nanos : 0) + 1 + kernel.random.below("kube/events", 100);
  last.set("last", { at: kernel.now, nanos });
  return BigInt(kernel.now) * 1000n + BigInt(nanos);
}

function remember<Row>(table: Table<string, Row>, key: string, row: Row): void {
  table.delete(key);
  table.set(key, row);
  if (table.size > MEMORY) for (const [oldest] of table) return void table.delete(oldest);
}
