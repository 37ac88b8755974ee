import type { DaemonProcess } from "../../../../host/index.ts";
import {
  addService,
  deleteService,
  ipvsTimeouts,
  namespaceOf,
  readSysctl,
  SCHEDULERS,
  servicesOf,
  setIpvsTimeouts,
  writeSysctl,
  type Scheduler,
  type ServiceAddress,
} from "../../../../net/index.ts";
import { SECOND } from "../../../../kernel/index.ts";
import { localDetector, nodePortAddresses } from "../platform.ts";
import { logLine } from "../klog.ts";
import type { ProxyRow } from "../row.ts";
import type { IpvsSettings } from "./proxier.ts";
import { SETS_6 } from "./sets.ts";

/** An address of TEST-NET-2, which nobody should have. */
const PROBE: ServiceAddress = { protocol: "tcp", address: "198.51.100.0", port: 20_000 };

/** Tries the scheduler with a virtual server that is nobody's; the error if it cannot be had (CanUseIPVSProxier). */
export function canUseIpvs(self: DaemonProcess, { config }: ProxyRow): string | undefined {
  const ns = namespaceOf(self);
  const scheduler = config.ipvs.scheduler || "rr";
  const services = [...servicesOf(ns).values()];
  if (services.some((one) => one.scheduler === scheduler)) return undefined;
  if (!isScheduler(scheduler)) {
    const err = "no such file or directory";
    logLine(self, "E", "proxier.go:634", "Could not create dummy VS", { err, scheduler });
    return err;
  }
  addService(ns, { at: PROBE, scheduler });
  deleteService(ns, PROBE);
  return undefined;
}

function isScheduler(name: string): name is Scheduler {
  return (SCHEDULERS as readonly string[]).includes(name);
}

/** What NewProxier does before the first sync. conn_reuse_mode stays as it is on kernels from 5.9 on. */
export function setUpIpvs(self: DaemonProcess, { config }: ProxyRow): void {
  const ns = namespaceOf(self);
  const wanted: Readonly<Record<string, string>> = {
    "net/ipv4/vs/conntrack": "1",
    "net/ipv4/vs/expire_nodest_conn": "1",
    "net/ipv4/vs/expire_quiescent_template": "1",
    "net/ipv4/ip_forward": "1",
    ...(config.ipvs.strictARP ? { "net/ipv4/conf/all/arp_ignore": "1", "net/ipv4/conf/all/arp_announce": "2" } : {}),
  };
  for (const [path, value] of Object.entries(wanted)) {
    const now = readSysctl(ns, path);
    if (!now.ok || now.value !== value) writeSysctl(ns, path, value);
  }
  const { tcpTimeout, tcpFinTimeout, udpTimeout } = config.ipvs;
  if (tcpTimeout > 0 || tcpFinTimeout > 0 || udpTimeout > 0) {
    const known = ipvsTimeouts(ns);
    setIpvsTimeouts(ns, {
      tcp: Math.floor(tcpTimeout / SECOND) || known.tcp,
      tcpFin: Math.floor(tcpFinTimeout / SECOND) || known.tcpFin,
      udp: Math.floor(udpTimeout / SECOND) || known.udp,
    });
  }
  for (const ipFamily of config.ipvs.scheduler === "" ? ["IPv4", "IPv6"] : [])
    logLine(self, "I", "proxier.go:364", "IPVS scheduler not specified, use rr by default", { ipFamily });
  for (const { wanted: ipSetName, name: truncatedName } of SETS_6)
    if (ipSetName !== truncatedName)
      logLine(self, "I", "ipset.go:119", "Ipset name truncated", { ipSetName, truncatedName });
}

export function ipvsSettings({ config, nodeIP, podCIDRs }: ProxyRow): IpvsSettings {
  return {
    masqueradeAll: config.masqueradeAll,
    detector: localDetector(config, podCIDRs),
    masqueradeMark: 2 ** config.masqueradeBit,
    nodeIP,
    nodePortAddresses: nodePortAddresses(config, nodeIP),
    scheduler: (config.ipvs.scheduler || "rr") as Scheduler,
    excludeCIDRs: config.ipvs.excludeCIDRs.filter((cidr) => !cidr.includes(":")),
  };
}
