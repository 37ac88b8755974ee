import { z } from "zod";
import { Matcher } from "../matcher.ts";
import { addressProblem } from "./address.ts";
import { Labels, NamespaceName, Outcome, Source } from "./names.ts";

const Port = z
  .union([z.int().min(1).max(65535), z.string()], { error: "expected a port's number or name" })
  .describe("A port by its number or name.");

const Address = z
  .string()
  .regex(
    /^(https?:\/\/[^/\s]+(\/.*)?|(tcp|udp):\/\/[^/\s]+:\d+|icmp:[^/\s]+|nodes:\d+(-\d+)?|[^/:\s]+:\d+|\[[0-9a-f:]+\]:\d+)$/,
    "expected a URL, HOST:PORT, udp://HOST:PORT, icmp:HOST or nodes:LOW-HIGH",
  )
  .superRefine((text, context) => {
    const message = addressProblem(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  })
  .describe(
    "A URL, `HOST:PORT`, `udp://HOST:PORT`, `icmp:HOST`, or the node ports `nodes:30000-32767`. Names are looked up at the source.",
  );

/** How something is asked: `scheme` http asks for `path`, tcp only connects. */
const asked = {
  scheme: z
    .enum(["http", "https", "tcp", "udp"])
    .default("tcp")
    .describe("How it is asked: `http` and `https` ask for `path`, `tcp` only connects."),
  path: z.string().startsWith("/").default("/").describe("The path of the URL."),
};

/** What stands behind the address of an object. */
const served = { namespace: NamespaceName, port: Port, ...asked };

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
  nodes: z
    .union([z.int().min(1).max(65535), PortRange], { error: RANGE })
    .describe("A port of every node, or a range of them, whoever it belongs to."),
  except: z.array(z.int()).default([]).describe("Ports of the range that are left out."),
  ...asked,
});

/** A URL that is asked at the addresses which a Service has for the outside, as `curl --connect-to` does. */
const Through = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\/[^/\s:]+(\/.*)?$/, "expected a URL without a port, such as https://shop.example.com/cart")
    .describe("The URL with the host that is asked for: `https://shop.example.com/cart`."),
  through: z
    .string()
    .default("ingress-nginx-controller")
    .describe(
      "The Service of the Ingress controller or Gateway: its load balancer's address, else its node port on every node.",
    ),
  namespace: z.string().default("ingress-nginx").describe("The namespace of that Service."),
});

/**
 * What is reached: an address as text, a Service by its cluster address, Pods by their own (of one or of a label), a
 * Service's node port on every node, or a port of every node whoever it belongs to.
 */
export const Destination = z
  .union(
    [
      Address,
      z.strictObject({ service: z.string().describe("A Service by its cluster address."), ...served }),
      z.strictObject({ pod: z.string().describe("A Pod by its own address."), ...served }),
      z.strictObject({ pods: Labels.describe("Every Pod of a label selector, by its own address."), ...served }),
      z.strictObject({ nodePortOf: z.string().describe("The node port of a Service, on every node."), ...served }),
      Nodes,
      Through,
    ],
    {
      error:
        "expected an address, { service | pod | pods | nodePortOf, namespace, port }, { nodes: PORT } or { url, through }",
    },
  )
  .meta({ title: "Destination", description: "What is reached." });
export type Destination = z.infer<typeof Destination>;

/** Which Pods answer. Connections are opened `tries` times. */
export const Backends = z.strictObject({
  /** Every connection ends at a Pod of this label. */
  only: Labels.optional().describe("Every connection ends at a Pod of this label selector."),
  /** Every ready Pod of this label gets at least one connection. */
  every: Labels.optional().describe("Every ready Pod of this label selector gets at least one connection."),
  /** Of the connections, how many per cent end at Pods of a label: `{ track=canary: { atMost: 30 } }`. */
  shares: z
    .record(z.string(), Matcher)
    .optional()
    .describe("Of the connections, how many per cent end at Pods of a label: `{ track=canary: { atMost: 30 } }`."),
  /** Where those Pods are, if not where the client or the Service is. */
  namespace: z.string().optional().describe("Where those Pods are, if not where the client or the Service is."),
  tries: z.int().min(1).max(400).default(40).describe("How many connections are opened."),
});
export type Backends = z.infer<typeof Backends>;

function isStatus(matcher: Matcher): boolean {
  if (typeof matcher === "object" && matcher !== null) return true;
  const status = Number(matcher ?? Number.NaN);
  return Number.isInteger(status) && status >= 100 && status <= 599;
}

export const Expectation = z.strictObject({
  /** `connected`, unless something else is said. */
  outcome: Outcome.optional().describe("How it ends: `connected`, unless something else is said."),
  status: Matcher.refine(isStatus, "expected an HTTP status from 100 to 599, such as 200")
    .optional()
    .describe("The HTTP status."),
  body: Matcher.optional().describe("The body of the answer."),
  /** Header fields of the answer, by name in any case. */
  headers: z.record(z.string(), Matcher).optional().describe("Header fields of the answer, by name in any case."),
  /** The address that the server sees: `kept` (the client's own), `translated` (another), or what it must be like. */
  source: Matcher.optional().describe(
    "The client's address as the server sees it: `kept` (its own), `translated` (another), or what it must be like.",
  ),
  backends: Backends.optional().describe("Which Pods answer."),
});
export type Expectation = z.infer<typeof Expectation>;

/** Traffic: who reaches what, and how that ends. From several places, it must hold from each. */
export const ReachSpec = z.strictObject({
  from: Source,
  to: Destination,
  /** The Host header, and the name that TLS asks for, where it is not the address's. */
  host: z
    .string()
    .optional()
    .describe("The Host header, and the name that TLS asks for, where it is not the address's."),
  headers: z.record(z.string(), z.string()).optional().describe("Header fields that are sent."),
  /** Take any certificate, as `curl -k`. */
  insecure: z.boolean().optional().describe("Take any certificate, as `curl -k`."),
  expect: z
    .union([Outcome, Expectation], {
      error: `expected one of ${Outcome.options.join(", ")}, or { outcome, status, body, headers, source, backends }`,
    })
    .describe("How it ends."),
});
export type ReachSpec = z.infer<typeof ReachSpec>;
