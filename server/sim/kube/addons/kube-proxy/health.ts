import { rfc3339Micro, type Time } from "../../../kernel/index.ts";
import type { Node } from "../../api/index.ts";
import type { Family, ProxyRow } from "./row.ts";

const FAMILIES: readonly Family[] = ["IPv4", "IPv6"];
const TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

/** Whether no proxier has left changes lying for twice its sync period (healthcheck/proxy_health.go Health). */
export function isHealthy(row: ProxyRow, now: Time): boolean {
  return FAMILIES.every((family) => isFamilyHealthy(row, family, now));
}

function isFamilyHealthy({ health, config }: ProxyRow, family: Family, now: Time): boolean {
  const { queued } = health[family];
  return queued === undefined || now - queued < 2 * config.syncPeriod;
}

/** A node that will be taken away is no place to send traffic to. */
export function isEligible(node: Node | undefined): boolean {
  return !node?.metadata.deletionTimestamp && !node?.spec.taints?.some(({ key }) => key === TO_BE_DELETED);
}

/** The body of /livez, and with `eligible` of /healthz. A healthy server says that it was updated just now. */
export function healthBody(row: ProxyRow, now: Time, healthy: boolean, eligible?: boolean): string {
  const latest = Math.max(...FAMILIES.map((family) => row.health[family].updated));
  return JSON.stringify({
    lastUpdated: nano(healthy ? now : latest),
    currentTime: nano(now),
    ...(eligible === undefined ? {} : { nodeEligible: eligible }),
    healthy: isHealthy(row, now),
    status: Object.fromEntries(
      FAMILIES.map((family) => [
        family,
        { lastUpdated: nano(row.health[family].updated), healthy: isFamilyHealthy(row, family, now) },
      ]),
    ),
  });
}

/** RFC 3339 as Go marshals a time: no zeros at the end of the fraction. */
function nano(time: Time): string {
  return rfc3339Micro(time).replace(/\.?0*Z$/, "Z");
}

/** What a service's health check port answers (healthcheck/service_health.go). */
export function serviceHealthBody(service: string, endpoints: number, healthy: boolean): string {
  const [namespace, name] = service.split("/") as [string, string];
  return [
    "{",
    '\t"service": {',
    `\t\t"namespace": ${JSON.stringify(namespace)},`,
    `\t\t"name": ${JSON.stringify(name)}`,
    "\t},",
    `\t"localEndpoints": ${endpoints},`,
    `\t"serviceProxyHealthy": ${healthy}`,
    "}",
  ].join("\n");
}
