import { HOUR, type Time } from "../../../kernel/index.ts";
import {
  age,
  invalid,
  names,
  type Cell,
  type Column,
  type Event,
  type FieldErrors,
  type Kind,
} from "../../api/index.ts";

const COLUMNS: readonly Column[] = [
  { name: "Last Seen" },
  { name: "Type" },
  { name: "Reason" },
  { name: "Object" },
  { name: "Subobject", priority: 1 },
  { name: "Source", priority: 1 },
  { name: "Message" },
  { name: "First Seen", priority: 1 },
  { name: "Count", priority: 1 },
  { name: "Name", priority: 1 },
];

export const events: Kind<Event> = {
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  quiet: true,
  ttl: HOUR,
  columns: COLUMNS,
  cells: eventCells,
  nameRule: names.forNames(names.subdomain),
  fields: {
    "involvedObject.kind": ({ involvedObject }) => involvedObject.kind ?? "",
    "involvedObject.namespace": ({ involvedObject }) => involvedObject.namespace ?? "",
    "involvedObject.name": ({ involvedObject }) => involvedObject.name ?? "",
    "involvedObject.uid": ({ involvedObject }) => involvedObject.uid ?? "",
    "involvedObject.apiVersion": ({ involvedObject }) => involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": ({ involvedObject }) => involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": ({ involvedObject }) => involvedObject.fieldPath ?? "",
    reason: ({ reason = "" }) => reason,
    reportingComponent: ({ reportingComponent, source }) => reportingComponent || (source.component ?? ""),
    source: ({ source, reportingComponent }) => source.component || reportingComponent,
    type: ({ type = "" }) => type,
  },
  indexed: ["involvedObject.uid", "involvedObject.name"],
  createOnUpdate: true,
  validate: validateEvent,
};

/** pkg/printers/internalversion printEvent */
export function eventCells(event: Event, now: Time): readonly Cell[] {
  const { metadata, involvedObject, source, series, message = "", type = "", reason = "" } = event;
  const first = event.firstTimestamp ?? event.eventTime;
  const last = series ? series.lastObservedTime : (event.lastTimestamp ?? first);
  const kind = (involvedObject.kind ?? "").toLowerCase();
  return [
    age(last, now),
    type,
    reason,
    involvedObject.name ? `${kind}/${involvedObject.name}` : kind,
    involvedObject.fieldPath ?? "",
    sourceText(source.component || event.reportingComponent, source.host || event.reportingInstance),
    message.trim(),
    age(first, now),
    series?.count ?? (event.count || 1),
    metadata.name,
  ];
}

function sourceText(component: string, host: string): string {
  return host === "" ? component : `${component}, ${host}`;
}

/** An event lives in the namespace of what it is about, or in `default` (pkg/apis/core/validation/events.go). */
function validateEvent({ metadata, involvedObject }: Event): FieldErrors {
  const { namespace = "" } = involvedObject;
  const own = metadata.namespace ?? "";
  const fits = namespace === "" ? own === "" || own === "default" || own === "kube-system" : own === namespace;
  return fits ? [] : [invalid("involvedObject.namespace", namespace, "does not match event.namespace")];
}
