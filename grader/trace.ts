import { z } from "zod";

/** Headers of a packet. `protocol` is IP's number: 1 ICMP, 6 TCP, 17 UDP; `flags` are TCP's. */
export const PacketHeaders = z.strictObject({
  src: z.string(),
  dst: z.string(),
  protocol: z.number(),
  sport: z.number().optional(),
  dport: z.number().optional(),
  flags: z.number().optional(),
  icmp: z.strictObject({ type: z.number(), code: z.number(), id: z.number(), seq: z.number() }).optional(),
  mark: z.number(),
  ttl: z.number(),
  size: z.number(),
});
export type PacketHeaders = z.infer<typeof PacketHeaders>;

/** One step of a packet: where it was, what happened, and the row that decided, as its own tool prints it. */
export const TraceHop = z.strictObject({
  host: z.string(),
  /** Label of the namespace (`Pod shop/cart-…`); empty for the machine's own. */
  netns: z.string(),
  at: z.enum([
    "link",
    "route",
    "rule",
    "policy",
    "conntrack",
    "bridge",
    "neighbour",
    "tunnel",
    "sysctl",
    "socket",
    "icmp",
  ]),
  what: z.string(),
  ref: z
    .strictObject({
      kind: z.string(),
      text: z.string(),
      table: z.string().optional(),
      chain: z.string().optional(),
      /** Rules whose jumps led to this one. */
      path: z.array(z.string()).readonly().optional(),
    })
    .optional(),
  /** The objects of the cluster that decided: `Service shop/cart, endpoint Pod shop/cart-6c4d`. */
  kubernetes: z.string().optional(),
  /** The headers before and after, if the step changed them. */
  before: PacketHeaders.optional(),
  after: PacketHeaders.optional(),
  ns: z.number(),
});
export type TraceHop = z.infer<typeof TraceHop>;

/** The way of one packet, and of the one that answered it (DESIGN.md 3.2), as it is kept in a report. */
export const PacketTrace = z.strictObject({
  packet: PacketHeaders,
  verdict: z.string(),
  /** Number of the hop that decided. */
  by: z.number(),
  hops: z.array(TraceHop).readonly(),
  /** In nanoseconds, with what was waited for. */
  ns: z.number(),
  errno: z.string().optional(),
  get reply() {
    return PacketTrace.optional();
  },
});
export type PacketTrace = z.infer<typeof PacketTrace>;
