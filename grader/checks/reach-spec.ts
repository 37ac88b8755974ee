import { z } from "zod";
import { Matcher } from "../matcher.ts";
import { Outcome, Source } from "./names.ts";

const Port = z.union([z.int().min(1).max(65535), z.string()], { error: "expected a port's number or name" });

const Address = z
  .string()
  .regex(
    /^(https?:\/\/[^/\s]+(\/.*)?|(tcp|udp):\/\/[^/\s]+:\d+|icmp:[^/\s]+|nodes:\d+(-\d+)?|[^/:\s]+:\d+|\[[0-9a-f:]+\]:\d+)$/,
    "expected a URL, HOST:PORT, udp://HOST:PORT, icmp:HOST or nodes:LOW-HIGH",
  );

/** How something is asked: `scheme` http asks for `path`, tcp only connects. */
const asked = {
  scheme: z.enum(["http", "https", "tcp", "udp"]).default("tcp"),
  path: z.string().startsWith("/").default("/"),
};

/** What stands behind the address of an object. */
const served = { namespace: z.string(), port: Port, ...asked };

const RANGE = "expected a port, or a range such as 30000-32767";

const PortRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, RANGE)
  .refine((range) => {
    const [low = 0, high = 0] = range.split("-").map(Number);
    return low > 0 && low < high && high <= 65535;
  }, "the first port must be the smaller one, and the second at most 65535");

/** Ports of every node, whoever they belong to: one, or a range without the ports in `except`. */
const Nodes = z.strictObject({
  nodes: z.union([z.int().min(1).max(65535), PortRange], { error: RANGE }),
  except: z.array(z.int()).default([]),
  ...asked,
});

/**
 * What is reached: an address as text, a Service by its cluster address, Pods by their own (of one or of a label), a
 * Service's node port on every node, or a port of every node whoever it belongs to.
 */
export const Destination = z.union(
  [
    Address,
    z.strictObject({ service: z.string(), ...served }),
    z.strictObject({ pod: z.string(), ...served }),
    z.strictObject({ pods: z.string(), ...served }),
    z.strictObject({ nodePortOf: z.string(), ...served }),
    Nodes,
  ],
  { error: "expected an address, { service | pod | pods | nodePortOf, namespace, port } or { nodes: PORT }" },
);
export type Destination = z.infer<typeof Destination>;

/** Which Pods answer. Connections are opened `tries` times. */
export const Backends = z.strictObject({
  /** Every connection ends at a Pod of this label. */
  only: z.string().optional(),
  /** Every ready Pod of this label gets at least one connection. */
  every: z.string().optional(),
  /** Of the connections, how many per cent end at Pods of a label: `{ track=canary: { atMost: 30 } }`. */
  shares: z.record(z.string(), Matcher).optional(),
  /** Where those Pods are, if not where the client or the Service is. */
  namespace: z.string().optional(),
  tries: z.int().min(1).max(400).default(40),
});
export type Backends = z.infer<typeof Backends>;

export const Expectation = z.strictObject({
  /** `connected`, unless something else is said. */
  outcome: Outcome.optional(),
  status: Matcher.optional(),
  body: Matcher.optional(),
  /** Header fields of the answer, by name in any case. */
  headers: z.record(z.string(), Matcher).optional(),
  /** The address that the server sees: `kept` (the client's own), `translated` (another), or what it must be like. */
  source: Matcher.optional(),
  backends: Backends.optional(),
});
export type Expectation = z.infer<typeof Expectation>;

/** Traffic: who reaches what, and how that ends. From several places, it must hold from each. */
export const ReachSpec = z.strictObject({
  from: Source,
  to: Destination,
  /** The Host header, and the name that TLS asks for, where it is not the address's. */
  host: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Take any certificate, as `curl -k`. */
  insecure: z.boolean().optional(),
  expect: z.union([Outcome, Expectation], {
    error: `expected one of ${Outcome.options.join(", ")}, or { outcome, status, body, headers, source, backends }`,
  }),
});
export type ReachSpec = z.infer<typeof ReachSpec>;
