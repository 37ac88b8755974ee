import { parseRfc3339, SECOND, type Duration, type Time } from "../../../kernel/index.ts";
import {
  isObject, parseGoDuration, parseTarget, quantityNanos, queryText, selectorText, type ApiServer, type Selector, type UserInfo,
} from "../../api/index.ts"; // prettier-ignore

/** What a Pod uses of a resource, in thousandths, and when that was measured over which time. */
export interface PodMetric {
  readonly milli: number;
  readonly at: Time;
  readonly window: Duration;
}

/** Measured values cannot be had; the message is that of the real client. */
export class NoMetrics extends Error {}

interface PodMetrics {
  readonly metadata: { readonly name: string };
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly name: string; readonly usage?: Readonly<Record<string, string>> }[];
}

const MILLI = 1_000_000n;

/** Reads what Pods use from the resource metrics API, whoever serves it (podautoscaler/metrics/client.go). Throws NoMetrics. */
export function resourceMetrics(
  api: ApiServer,
  user: UserInfo,
  asked: {
    readonly namespace: string;
    readonly selector: Selector;
    readonly resource: string;
    readonly container?: string;
  },
): ReadonlyMap<string, PodMetric> {
  const items = listPodMetrics(api, user, asked.namespace, selectorText(asked.selector));
  if (items.length === 0) throw new NoMetrics("no metrics returned from resource metrics API");
  const found = new Map<string, PodMetric>();
  for (const { metadata, timestamp, window, containers = [] } of items) {
    const counted = containers.filter(({ name }) => asked.container === undefined || name === asked.container);
    if (asked.container !== undefined && counted.length === 0)
      throw new NoMetrics(
        `container ${asked.container} not present in metrics for pod ${asked.namespace}/${metadata.name}`,
      );
    const used = counted.map(({ usage }) => usage?.[asked.resource]);
    if (used.length === 0 || used.includes(undefined)) continue;
    const milli = used.reduce((sum, value) => sum + roundUp(quantityNanos(value)), 0);
    const at = (timestamp ? parseRfc3339(timestamp) : undefined) ?? api.kernel.now;
    found.set(metadata.name, { milli, at, window: (window ? parseGoDuration(window) : undefined) ?? 60 * SECOND });
  }
  return found;
}

function roundUp(nanos: bigint): number {
  return Number((nanos + MILLI - 1n) / MILLI);
}

function listPodMetrics(api: ApiServer, user: UserInfo, namespace: string, selector: string): readonly PodMetrics[] {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
  const query = queryText({ labelSelector: [selector] });
  const response = api.handle({
    ...parseTarget("GET", query === "" ? path : `${path}?${query}`),
    accept: "application/json",
    contentType: "",
    userAgent: "kube-controller-manager",
    user,
    body: undefined,
  });
  const failed = (why: string): Error => new NoMetrics(`unable to fetch metrics from resource metrics API: ${why}`);
  if (response.kind !== "object")
    throw failed("the server could not find the requested resource (get pods.metrics.k8s.io)");
  const { object } = response;
  if (response.code === 404) throw failed("the server could not find the requested resource (get pods.metrics.k8s.io)");
  if (response.code === 503)
    throw failed("the server is currently unable to handle the request (get pods.metrics.k8s.io)");
  const body = isObject(object) ? (object as { items?: readonly PodMetrics[]; message?: string }) : {};
  if (response.code >= 400) throw failed(body.message ?? "unknown");
  return body.items ?? [];
}
