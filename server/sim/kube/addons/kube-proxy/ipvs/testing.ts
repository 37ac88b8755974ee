import { addressesOf, findLink, listElements, servicesOf, setsOf, type Namespace } from "../../../../net/index.ts";
import { machine, testNetwork } from "../../../../net/testing.ts";
import { byCidr, FULL, tell } from "../testing.ts";
import { IpvsProxier, type IpvsSettings } from "./proxier.ts";

export const SETTINGS: IpvsSettings = {
  masqueradeAll: false,
  detector: byCidr("10.244.0.0/16"),
  masqueradeMark: 0x4000,
  scheduler: "rr",
  excludeCIDRs: [],
  nodeIP: "192.168.0.2",
  nodePortAddresses: [],
};

type Objects = Parameters<typeof tell>[1];

export function synced(
  objects: Objects,
  settings: Partial<IpvsSettings> = {},
): { ns: Namespace; proxier: IpvsProxier } {
  const ns = machine(testNetwork(), "node01", { segment: "lan", address: "192.168.0.2/24" });
  const proxier = new IpvsProxier({ ...SETTINGS, ...settings });
  tell(proxier, objects);
  const { problem } = proxier.sync(ns, FULL);
  if (problem !== undefined) throw new Error(problem);
  return { ns, proxier };
}

/** `tcp 10.96.0.5 80 rr [persistent N] -> 10.244.0.5:80, …`, in the order in which they were made. */
export function virtualServers(ns: Namespace): string[] {
  return [...servicesOf(ns).entries()].map(([key, { scheduler, persistent, destinations }]) => {
    const real = destinations.map(
      ({ address, port, weight }) => `${address}:${port}${weight === 1 ? "" : ` w${weight}`}`,
    );
    return `${key} ${scheduler}${persistent === undefined ? "" : ` persistent ${persistent}`} -> ${real.sort().join(" ")}`;
  });
}

/** Sets that have entries. */
export function sets(ns: Namespace): Record<string, string[]> {
  const found = [...setsOf(ns).entries()].map(([name, set]) => [
    name,
    listElements(ns, set)
      .map(([key]) => key)
      .sort(),
  ]);
  return Object.fromEntries(found.filter(([, keys]) => keys!.length > 0)) as Record<string, string[]>;
}

export function bound(ns: Namespace): string[] {
  return addressesOf(ns, findLink(ns, "kube-ipvs0")!.index).map(({ local, length }) => `${local}/${length}`);
}
