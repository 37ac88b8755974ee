import { anyKind, type Event, type Kind, type KubeObject, type ObjectReference } from "../../api/index.ts";
import { eventCells, events as coreEvents } from "../core/event.ts";

/** The newer face of the same objects: events.k8s.io/v1. */
export interface EventV1 extends KubeObject {
  readonly eventTime: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string | null };
  readonly reportingController?: string;
  readonly reportingInstance?: string;
  readonly action?: string;
  readonly reason?: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly note?: string;
  readonly type?: string;
  readonly deprecatedSource: { readonly component?: string; readonly host?: string };
  readonly deprecatedFirstTimestamp: string | null;
  readonly deprecatedLastTimestamp: string | null;
  readonly deprecatedCount?: number;
}

export const eventsV1: Kind<EventV1> = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  columns: coreEvents.columns,
  cells: (event, now) => eventCells(toCore(event), now),
  nameRule: coreEvents.nameRule,
  fields: {
    "regarding.kind": ({ regarding }) => regarding.kind ?? "",
    "regarding.namespace": ({ regarding }) => regarding.namespace ?? "",
    "regarding.name": ({ regarding }) => regarding.name ?? "",
    "regarding.uid": ({ regarding }) => regarding.uid ?? "",
    "regarding.apiVersion": ({ regarding }) => regarding.apiVersion ?? "",
    "regarding.resourceVersion": ({ regarding }) => regarding.resourceVersion ?? "",
    "regarding.fieldPath": ({ regarding }) => regarding.fieldPath ?? "",
    reason: ({ reason = "" }) => reason,
    reportingController: ({ reportingController = "" }) => reportingController,
    type: ({ type = "" }) => type,
  },
  createOnUpdate: true,
  storedAs: {
    kind: anyKind(coreEvents),
    fromStored: (stored) => fromCore(stored as Event),
    toStored: toCore,
  },
};

/** pkg/apis/events/v1/conversion.go */
function fromCore(event: Event): EventV1 {
  return {
    metadata: event.metadata,
    eventTime: event.eventTime,
    ...(event.series ? { series: event.series } : {}),
    ...(event.reportingComponent === "" ? {} : { reportingController: event.reportingComponent }),
    ...(event.reportingInstance === "" ? {} : { reportingInstance: event.reportingInstance }),
    ...(event.action === undefined ? {} : { action: event.action }),
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    regarding: event.involvedObject,
    ...(event.related === undefined ? {} : { related: event.related }),
    ...(event.message === undefined ? {} : { note: event.message }),
    ...(event.type === undefined ? {} : { type: event.type }),
    deprecatedSource: event.source,
    deprecatedFirstTimestamp: event.firstTimestamp,
    deprecatedLastTimestamp: event.lastTimestamp,
    ...(event.count === undefined ? {} : { deprecatedCount: event.count }),
  };
}

function toCore(event: EventV1): Event {
  return {
    metadata: event.metadata,
    involvedObject: event.regarding,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    ...(event.note === undefined ? {} : { message: event.note }),
    source: event.deprecatedSource,
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    eventTime: event.eventTime,
    ...(event.deprecatedCount === undefined ? {} : { count: event.deprecatedCount }),
    ...(event.type === undefined ? {} : { type: event.type }),
    ...(event.series ? { series: event.series } : {}),
    ...(event.action === undefined ? {} : { action: event.action }),
    ...(event.related === undefined ? {} : { related: event.related }),
    reportingComponent: event.reportingController ?? "",
    reportingInstance: event.reportingInstance ?? "",
  };
}
