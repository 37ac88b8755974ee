import type { KubeObject } from "../../server/sim/kube/api/index.ts";
import type { EventSpec } from "../checks/schemas.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import type { Scene } from "../scene/scene.ts";
import { excerpt, quoted } from "./words.ts";

interface Event extends KubeObject {
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** How many events there are that are like this. */
export function evaluateEvent(scene: Scene, spec: EventSpec): Finding {
  const { namespace, about } = spec;
  const events = scene.objects.list("events", namespace).objects as readonly Event[];
  const object = about === undefined ? undefined : scene.objects.find(about, namespace);
  const own = events.filter(
    ({ involvedObject }) =>
      !object || (involvedObject.name === object.name && involvedObject.kind === object.kind.kind),
  );
  const found = own.filter(
    ({ type, reason, message }) =>
      (spec.type === undefined || spec.type === type) &&
      (spec.reason === undefined || matches(spec.reason, reason)) &&
      (spec.message === undefined || matches(spec.message, message)),
  );
  const field = object ? ` --field-selector involvedObject.name=${object.name}` : "";
  const last = (found.length > 0 ? found : own).at(-1);
  return {
    holds: matches(spec.is, found.length),
    expected: `${eventWords(spec)}: ${describeMatcher(spec.is)}`,
    observed: `${found.length}${last ? `, ${found.length > 0 ? "the" : "none like that; the"} last one: ${lineOf(last)}` : " (no events at all)"}`,
    see: `kubectl -n ${namespace} get events${field}`,
    evidence: [{ kind: "text", title: "events", text: excerpt(own.map(lineOf).join("\n")) }],
  };
}

function eventWords({ type, reason, message, about }: EventSpec): string {
  return [
    `number of ${type === undefined ? "" : `${type} `}events`,
    ...(about === undefined ? [] : [`about ${about}`]),
    ...(reason === undefined ? [] : [`with reason ${describeMatcher(reason, "one")}`]),
    ...(message === undefined ? [] : [`and ${describeMatcher(message, "a message")}`]),
  ].join(" ");
}

function lineOf({ type = "", reason = "", involvedObject, message = "" }: Event): string {
  return `${type} ${reason} ${involvedObject.kind?.toLowerCase() ?? ""}/${involvedObject.name ?? ""}: ${quoted(message)}`;
}
