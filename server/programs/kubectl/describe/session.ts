import type { JsonObject, KubeObject, Query } from "../../../sim/kube/api/index.ts";
import type { Time } from "../../../sim/kernel/index.ts";
import { groupResource, type Mapping } from "../client/api-resource.ts";
import type { Factory } from "../client/factory.ts";
import type { Helper } from "../client/helper.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { Description } from "./description.ts";
import { writeEvents, type ShownEvent } from "./events.ts";

/** The thing to describe. */
export interface Subject {
  readonly mapping: Mapping;
  readonly namespace: string;
  readonly name: string;
}

export interface DescribeSettings {
  readonly showEvents: boolean;
  /** How many objects of a list are asked for at a time; 0 asks for all. */
  readonly chunkSize: number;
}

/** Makes the text of one thing: fetches it and what belongs to it, in the order of the real one. */
export type Describer = (session: DescribeSession, subject: Subject) => Promise<string>;

type Core = Pick<Mapping, "group" | "version"> & { readonly resource: string; readonly kind: string };

const EVENTS: Core = { group: "", version: "v1", resource: "events", kind: "Event" };

/** What kubectl also looks for in a beta version (kubectl pkg/describe). */
const OLDER = new Set([
  "certificatesigningrequests.certificates.k8s.io",
  "endpointslices.discovery.k8s.io",
  "ingressclasses.networking.k8s.io",
  "ingresses.networking.k8s.io",
  "ipaddresses.networking.k8s.io",
  "poddisruptionbudgets.policy",
  "servicecidrs.networking.k8s.io",
]);

/** What describers ask of a server, and the paper that they write on. */
export class DescribeSession {
  readonly settings: DescribeSettings;
  readonly now: Time;
  readonly #helper: Helper;

  private constructor(helper: Helper, settings: DescribeSettings, now: Time) {
    this.#helper = helper;
    this.settings = settings;
    this.now = now;
  }

  static async open(factory: Factory, settings: DescribeSettings): Promise<DescribeSession> {
    return new DescribeSession(await factory.helper(), settings, factory.process.now);
  }

  paper(): Description {
    return new Description(this.now);
  }

  async get<T extends KubeObject>({ mapping, namespace, name }: Subject): Promise<T> {
    try {
      return (await this.#helper.get({ mapping, namespace, name })) as unknown as T;
    } catch (error) {
      // Where the newest version has no such object, kubectl asks for an older version, which the server does not have at all.
      const { group, resource } = mapping;
      if (isReason(error, "NotFound") && OLDER.has(`${resource}.${group}`))
        throw error.withMessage(
          `the server could not find the requested resource (get ${groupResource({ group, resource })} ${name})`,
        );
      throw error;
    }
  }

  /** All objects of a type, piece by piece. */
  async list<T>(type: Core, namespace: string, query: Query = {}, chunkSize = this.settings.chunkSize): Promise<T[]> {
    const items: T[] = [];
    const limit: Query = chunkSize > 0 ? { limit: [String(chunkSize)] } : {};
    let next = "";
    do {
      const more: Query = next === "" ? {} : { continue: [next] };
      const place = { mapping: { ...type, namespaced: namespace !== "" }, namespace };
      const list = await this.#helper.list(place, { ...more, ...query, ...limit });
      items.push(...((list["items"] ?? []) as T[]));
      next = ((list["metadata"] as JsonObject | undefined)?.["continue"] as string | undefined) ?? "";
    } while (next !== "");
    return items;
  }

  /** Writes the events of an object at the end of its description, unless `--show-events=false`. */
  async events(out: Description, object: KubeObject, kind: string): Promise<void> {
    if (!this.settings.showEvents) return;
    const { uid, name, namespace = "" } = object.metadata;
    writeEvents(out, await this.eventsOf({ uid, name, namespace, kind }));
  }

  /** The events of a pod that itself cannot be had. */
  async eventsLeft({ name, namespace }: Subject): Promise<ShownEvent[]> {
    const fieldSelector = [`involvedObject.name=${name},involvedObject.namespace=${namespace}`];
    try {
      return await this.list<ShownEvent>(EVENTS, namespace, { fieldSelector });
    } catch (error) {
      if (error instanceof GoError) return [];
      throw error;
    }
  }

  /** The events about a thing (client-go events Search); an empty kind is not asked for. Undefined: they cannot be had. */
  async eventsOf(about: {
    uid: string;
    name: string;
    namespace: string;
    kind: string;
  }): Promise<ShownEvent[] | undefined> {
    const terms = [
      `involvedObject.name=${about.name}`,
      `involvedObject.namespace=${about.namespace}`,
      ...(about.kind === "" ? [] : [`involvedObject.kind=${about.kind}`]),
      `involvedObject.uid=${about.uid}`,
    ];
    try {
      return await this.list<ShownEvent>(EVENTS, about.namespace, { fieldSelector: [terms.join(",")] });
    } catch (error) {
      if (error instanceof GoError) return undefined;
      throw error;
    }
  }
}
