import type { Namespace } from "../namespace.ts";
import { base, register, type CommonSpec } from "./register.ts";
import type { TunLink } from "./row.ts";

export type TunSpec = CommonSpec & {
  readonly kind: "tun";
  readonly mode: TunLink["mode"];
  readonly packetInformation: boolean;
  readonly vnetHeader: boolean;
  readonly multiQueue: boolean;
  readonly user?: number;
  readonly group?: number;
};

/** A persistent tun or tap without a program behind it (tun_set_iff, tun_net_initialize). */
export function createTun(ns: Namespace, spec: TunSpec): TunLink {
  const { mode, packetInformation, vnetHeader, multiQueue, user, group } = spec;
  const bare = mode === "tun";
  return register(ns, {
    ...base(ns, { ...spec, ...(spec.name === undefined ? { prefix: mode } : {}) }, 1500, bare ? "" : undefined),
    kind: "tun",
    mode,
    packetInformation,
    vnetHeader,
    multiQueue,
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { owningGroup: group }),
    carrier: false,
    operstate: "DOWN",
    ...(bare ? { arp: false, txqlen: 500 } : {}),
  });
}
