import type { DaemonProcess } from "../../../host/index.ts";
import { closeSocket, namespaceOf } from "../../../net/index.ts";
import { FULL_SYNC_PERIOD } from "./bounded-frequency.ts";
import { logLine, logVerbose } from "./klog.ts";
import { NodePortAddresses } from "./node-port-addresses.ts";
import { localhostNodePorts, nodePortAddresses } from "./platform.ts";
import type { IpvsProxier } from "./ipvs/proxier.ts";
import { NftablesProxier } from "./nftables/proxier.ts";
import { syncNftables } from "./nftables/sync.ts";
import { Proxier } from "./proxier.ts";
import type { ProxyCounts, ProxyRow } from "./row.ts";
import { listen, SERVICE_HEALTH } from "./servers.ts";
import type { ServiceMap } from "./service-map.ts";

export type SyncChange = Pick<
  ProxyRow,
  "needFullSync" | "lastFullSync" | "lastCleanup" | "changed" | "udpChanged" | "health" | "healthChecks" | "counts"
>;

/** One round of syncProxyRules over what the proxier knows; returns what is different in the row afterwards. */
export function syncRules(
  self: DaemonProcess,
  key: string,
  row: ProxyRow,
  proxier: Proxier | IpvsProxier | NftablesProxier,
): SyncChange {
  if (proxier instanceof NftablesProxier)
    return syncNftables(self, row, proxier, () => syncHealthChecks(self, key, row, proxier));
  const { now } = self.kernel;
  const ns = namespaceOf(self);
  const ipvs = !(proxier instanceof Proxier);
  const full = ipvs || row.needFullSync || now - row.lastFullSync > FULL_SYNC_PERIOD;
  const cleanup = now - row.lastCleanup > row.config.syncPeriod;
  if (!ipvs) logVerbose(self, row, "proxier.go:791", "Syncing iptables rules", { ipFamily: "IPv4", fullSync: full });
  const unlessSame = full && !row.needFullSync && row.changed.length === 0;
  const result = proxier.sync(ns, { full, changed: new Set(row.changed), cleanup, unlessSame });
  for (const address of result.refusedAddresses)
    logLine(self, "E", "proxier.go:1386", "--nodeport-addresses includes localhost but --iptables-localhost-nodeports=false was passed", { ipFamily: "IPv4", address }); // prettier-ignore
  if (!ipvs)
    logVerbose(self, row, "proxier.go:1450", "Reloading service iptables data", {
      ipFamily: "IPv4",
      numServices: result.services,
      numEndpoints: result.endpoints,
      numFilterChains: result.filterChains,
      numFilterRules: result.filterRules,
      numNATChains: result.natChains,
      numNATRules: result.natRulesWritten,
    });
  const written6 = full && !ipvs ? proxier.syncIpv6(ns, unlessSame) : undefined;
  const { counts } = row;
  const kept = {
    lastFullSync: row.lastFullSync,
    lastCleanup: !result.large || cleanup ? now : row.lastCleanup,
    changed: [],
    udpChanged: false,
    health: row.health,
    healthChecks: row.healthChecks,
  };
  if (result.problem !== undefined) {
    logLine(self, "E", "proxier.go:1470", "Failed to execute iptables-restore", {
      err: `exit status ${result.problem.includes("does not exist") ? 2 : 4}: ${result.problem}`,
      ...(ipvs ? {} : { ipFamily: "IPv4" }),
    });
    if (!ipvs)
      logLine(self, "I", "proxier.go:803", "Sync failed", {
        ipFamily: "IPv4",
        retryingTime: `${row.config.syncPeriod / 1_000_000}s`,
      });
    const failures = {
      restoreFailures: counts.restoreFailures + 1,
      partialRestoreFailures: counts.partialRestoreFailures + (full ? 0 : 1),
    };
    return { ...kept, needFullSync: true, counts: { ...counts, ...failures } };
  }
  if (row.udpChanged) proxier.cleanStaleFlows(ns);
  const synced: Partial<ProxyCounts> = {
    ...(full ? { fullSyncs: counts.fullSyncs + 1 } : { partialSyncs: counts.partialSyncs + 1 }),
    lastSync: now,
    filterRules: result.filterRules,
    natRules: result.natRules,
    natRulesLast: result.natRulesWritten,
    noLocalInternal: result.noLocalEndpoints.internal,
    noLocalExternal: result.noLocalEndpoints.external,
    ...(written6 ? { ipv6: { filterRules: written6.filter.rules, natRules: written6.nat.rules } } : {}),
  };
  return {
    ...kept,
    needFullSync: false,
    lastFullSync: full ? now : row.lastFullSync,
    health: { IPv4: { updated: now }, IPv6: full ? { updated: now } : row.health.IPv6 },
    healthChecks: syncHealthChecks(self, key, row, proxier),
    counts: { ...counts, ...synced },
  };
}

/** Opens and closes the health check ports of services (healthcheck/service_health.go SyncServices). */
function syncHealthChecks(
  self: DaemonProcess,
  key: string,
  row: ProxyRow,
  proxier: ServiceMap,
): ProxyRow["healthChecks"] {
  const wanted = new Map<string, number>();
  for (const [{ service, healthCheckNodePort }] of proxier.ports())
    if (healthCheckNodePort !== 0) wanted.set(service, healthCheckNodePort);
  if (wanted.size === 0 && Object.keys(row.healthChecks).length === 0) return row.healthChecks;
  const ns = namespaceOf(self);
  const open = new Map(Object.entries(row.healthChecks));
  for (const [service, { port, sockets }] of open) {
    if (wanted.get(service) === port) continue;
    for (const id of sockets) closeSocket(ns, id);
    open.delete(service);
  }
  for (const [service, port] of wanted) {
    if (open.has(service)) continue;
    const sockets = openHealthCheck(self, key, row, service, port);
    if (sockets) open.set(service, { port, sockets });
  }
  return Object.fromEntries(open);
}

function openHealthCheck(
  self: DaemonProcess,
  key: string,
  row: ProxyRow,
  service: string,
  port: number,
): readonly number[] | undefined {
  const ns = namespaceOf(self);
  const addresses = nodePortAddresses(row.config, row.nodeIP);
  const every = new NodePortAddresses(addresses);
  const usable = (ip: string): boolean => !ip.startsWith("127.") || localhostNodePorts(row.config, addresses);
  const sockets: number[] = [];
  for (const ip of every.matchAll ? ["0.0.0.0"] : every.nodeIPs(ns).filter(usable)) {
    const opened = listen(self, SERVICE_HEALTH, { proxy: key, service }, `${ip}:${port}`);
    if ("socket" in opened) {
      sockets.push(opened.socket);
      continue;
    }
    for (const id of sockets) closeSocket(ns, id);
    logLine(self, "E", "service_health.go:145", "Failed to start healthcheck", {
      err: opened.error,
      node: row.nodeName,
      service,
      port,
    });
    return undefined;
  }
  return sockets;
}
