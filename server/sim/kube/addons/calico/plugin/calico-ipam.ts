import { rfc3339Micro, type Time } from "../../../../kernel/index.ts";
import type { CniResult } from "../../cni/result.ts";
import type { Plugin, PluginCall } from "../../cni/skel.ts";
import { asking, clientOf, handleOf, ipamOf, loadCalicoConfig, log, workloadOf } from "./net-conf.ts";

/** Calico's IPAM plugin (cni-plugin/pkg/ipamplugin). */
export const calicoIpamPlugin: Plugin = {
  name: "calico-ipam",
  summary: "CNI plugin: addresses of Calico's pools",
  about: (version) => version,
  add,
  del,
  check() {},
};

async function add(call: PluginCall): Promise<CniResult> {
  const { process } = call;
  const config = loadCalicoConfig(call);
  const workload = workloadOf(call);
  const handle = handleOf(config, call);
  const ipam = ipamOf(process, clientOf(process, config));
  const request = {
    handle,
    attributes: {
      namespace: workload.namespace,
      node: config.node,
      pod: workload.pod,
      timestamp: timestamp(process.kernel.now),
    },
    node: config.node,
    use: "Workload",
    ...(config.pools.length > 0 ? { pools: config.pools } : {}),
  } as const;
  const wanted = /(?:^|;)IP=([^;]+)/.exec(call.args)?.[1];
  if (wanted !== undefined) {
    await asking(process, "", () => ipam.assignAddress(wanted, request));
    return { interfaces: [], ips: [{ address: `${wanted}/32` }], routes: [], dns: {} };
  }
  await log(call, config, "ipam/ipam_plugin.go 265", "Auto assigning IP", { HandleID: handle });
  const address = await asking(process, "failed to request IPv4 addresses: ", () => ipam.assign(request));
  await log(
    call,
    config,
    "ipam/ipam_plugin.go 283",
    `Calico CNI IPAM assigned addresses IPv4=[${address}/26] IPv6=[]`,
    {
      HandleID: handle,
    },
  );
  return { interfaces: [], ips: [{ address: `${address}/32` }], routes: [], dns: {} };
}

async function del(call: PluginCall): Promise<void> {
  const config = loadCalicoConfig(call);
  const handle = handleOf(config, call);
  await log(call, config, "ipam/ipam_plugin.go 412", "Releasing address using handleID", { HandleID: handle });
  const released = await asking(call.process, "", () =>
    ipamOf(call.process, clientOf(call.process, config)).release(handle),
  );
  if (!released)
    await log(call, config, "ipam/ipam_plugin.go 429", "Asked to release address but it doesn't exist. Ignoring", {
      HandleID: handle,
    });
}

/** As Go prints a time.Time in UTC. */
function timestamp(now: Time): string {
  return `${rfc3339Micro(now).replace("T", " ").replace("Z", "")} +0000 UTC`;
}
