import type { DaemonProcess } from "../../../../host/index.ts";
import { namespaceOf } from "../../../../net/index.ts";
import { logLine, logVerbose } from "../klog.ts";
import type { ProxyCounts, ProxyRow } from "../row.ts";
import type { SyncChange } from "../sync.ts";
import type { NftablesProxier } from "./proxier.ts";

/** Where in proxier.go a line comes from; those whose number is not known have none. */
const SOURCE = "proxier.go";

/** One round of syncProxyRules of the nftables mode; returns what is different in the row afterwards. */
export function syncNftables(
  self: DaemonProcess,
  row: ProxyRow,
  proxier: NftablesProxier,
  healthChecks: () => ProxyRow["healthChecks"],
): SyncChange {
  const { now } = self.kernel;
  const ns = namespaceOf(self);
  const full = row.needFullSync;
  const ipFamily = "IPv4";
  logVerbose(self, row, SOURCE, "Syncing nftables rules", { ipFamily });
  const result = proxier.sync(ns, { full, changed: new Set(row.changed) });
  if (result.staleDeleted > 0)
    logLine(self, "I", SOURCE, "Deleting stale nftables chains", { ipFamily, numChains: result.staleDeleted });
  if (result.staleProblem !== undefined)
    logLine(self, "E", SOURCE, "Unable to delete stale chains; will retry later", { err: result.staleProblem, ipFamily }); // prettier-ignore
  for (const address of result.refusedAddresses)
    logLine(self, "E", SOURCE, "--nodeport-addresses includes localhost but localhost NodePorts are not supported", { ipFamily, address }); // prettier-ignore
  const facts = { ipFamily, numServices: result.services, numEndpoints: result.endpoints };
  logVerbose(self, row, SOURCE, "Reloading service nftables data", facts);
  const { counts } = row;
  const kept = { lastFullSync: full ? now : row.lastFullSync, lastCleanup: now, changed: [], udpChanged: false };
  if (result.problem !== undefined) {
    logLine(self, "E", SOURCE, "nftables sync failed", { err: result.problem, ipFamily });
    logLine(self, "I", SOURCE, "Sync failed", { ipFamily, retryingTime: `${row.config.syncPeriod / 1_000_000}s` });
    const failures = { restoreFailures: counts.restoreFailures + 1 };
    const { health, healthChecks: open } = row;
    return { ...kept, lastFullSync: row.lastFullSync, needFullSync: true, health, healthChecks: open, counts: { ...counts, ...failures } }; // prettier-ignore
  }
  if (row.udpChanged) proxier.cleanStaleFlows(ns);
  const synced: Partial<ProxyCounts> = {
    ...(full ? { fullSyncs: counts.fullSyncs + 1 } : { partialSyncs: counts.partialSyncs + 1 }),
    lastSync: now,
    noLocalInternal: result.noLocalEndpoints.internal,
    noLocalExternal: result.noLocalEndpoints.external,
  };
  return {
    ...kept,
    needFullSync: false,
    health: { IPv4: { updated: now }, IPv6: full ? { updated: now } : row.health.IPv6 },
    healthChecks: healthChecks(),
    counts: { ...counts, ...synced },
  };
}
