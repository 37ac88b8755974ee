import type { Process } from "../../../sim/host/index.ts";
import { SECOND, type Time } from "../../../sim/kernel/index.ts";
import type { JsonObject, Query, WatchEvent } from "../../../sim/kube/api/index.ts";
import { ConnectionError } from "../errors/go-error.ts";
import { metadataOf } from "../resource/info.ts";
import type { Helper, Place } from "./helper.ts";

/** What a wait ended with: what its condition found, or that the time was over. */
export type Until<T> = { readonly value: T } | "deadline";

/** Seconds after which the server shall end a watch; the real client draws a number from 300 to 600. */
const WATCH_SECONDS = "450";
const RETRY = SECOND;

export interface UntilOptions {
  /** The things to look at; its name is not used. */
  readonly place: Place;
  readonly fieldSelector: string;
  readonly labelSelector?: string;
  readonly deadline: Time;
}

/**
 * Lists things and watches them until `condition` finds something in an event; `precondition` sees what the list held, once
 * (client-go tools/watch UntilWithSync, an informer with its reflector).
 */
export async function untilWithSync<T>(
  process: Process,
  helper: Helper,
  { place, fieldSelector, labelSelector, deadline }: UntilOptions,
  condition: (event: WatchEvent & { readonly object: JsonObject }) => T | undefined | Promise<T | undefined>,
  precondition?: (objects: readonly JsonObject[]) => T | undefined,
): Promise<Until<T>> {
  const selectors: Query = {
    fieldSelector: [fieldSelector],
    ...(labelSelector ? { labelSelector: [labelSelector] } : {}),
  };
  let first = true;
  for (;;) {
    try {
      const list = await helper.list(place, { ...selectors, limit: ["500"], resourceVersion: ["0"] });
      const items = (list["items"] as readonly JsonObject[] | undefined) ?? [];
      const early = first ? precondition?.(items) : undefined;
      if (early !== undefined) return { value: early };
      first = false;
      for (const object of items) {
        const value = await condition({ type: "ADDED", object: typed(list, object) });
        if (value !== undefined) return { value };
      }
      let resourceVersion = metadataOf(list)["resourceVersion"] as string;
      while (process.kernel.now < deadline) {
        const query = {
          allowWatchBookmarks: ["true"],
          ...selectors,
          resourceVersion: [resourceVersion],
          timeoutSeconds: [WATCH_SECONDS],
        };
        let expired = false;
        for await (const event of await helper.watch(place, query, undefined, deadline)) {
          const object = event.object as JsonObject;
          resourceVersion = (metadataOf(object)["resourceVersion"] as string | undefined) ?? resourceVersion;
          expired = event.type === "ERROR";
          if (expired) break;
          if (event.type === "BOOKMARK") continue;
          const value = await condition({ type: event.type, object });
          if (value !== undefined) return { value };
        }
        if (expired) break;
      }
    } catch (error) {
      // A reflector tries again, whatever kept it from the server.
      if (!(error instanceof ConnectionError)) throw error;
      if (process.kernel.now + RETRY < deadline) await process.sleep(RETRY);
      else await process.sleep(Math.max(0, deadline - process.kernel.now));
    }
    if (process.kernel.now >= deadline) return "deadline";
  }
}

/** A list's item with the kind that the list has it from. */
function typed(list: JsonObject, item: JsonObject): JsonObject {
  const kind = (list["kind"] as string).replace(/List$/, "");
  return item["kind"] === undefined ? { apiVersion: list["apiVersion"]!, kind, ...item } : item;
}
