import { z } from "zod";
import { Matcher } from "../matcher.ts";
import { ObjectReference, Outcome, Source } from "./names.ts";

/** An object of the API: what is at a JSONPath in it. */
export const ObjectSpec = z.strictObject({
  object: ObjectReference,
  namespace: z.string().optional(),
  /** A JSONPath such as `{.spec.type}` or `.spec.ports[*].port`; without one, whether the object is there. */
  path: z.string().optional(),
  is: Matcher,
});

/** Traffic: who reaches what, and how that ends. */
export const ReachSpec = z.strictObject({
  from: Source,
  /** A URL (`http://cart/`, `https://10.96.0.1`), `HOST:PORT`, `udp://HOST:PORT`, `icmp:HOST`, or `nodes:LOW-HIGH`. */
  to: z
    .string()
    .regex(
      /^(https?:\/\/.+|(tcp|udp):\/\/.+:\d+|icmp:.+|nodes:\d+(-\d+)?|[^/:]+:\d+)$/,
      "expected a URL, HOST:PORT, udp://HOST:PORT, icmp:HOST or nodes:LOW-HIGH",
    ),
  expect: z.union([
    Outcome,
    z.strictObject({ outcome: Outcome.optional(), status: Matcher.optional(), body: Matcher.optional() }),
  ]),
});
export type ReachSpec = z.infer<typeof ReachSpec>;

/** A name lookup, as the resolver of the place does it. */
export const DnsSpec = z.strictObject({
  from: Source,
  name: z.string(),
  type: z.enum(["A", "AAAA", "SRV", "CNAME", "PTR", "TXT"]).default("A"),
  expect: z.union([z.enum(["found", "not found", "no answer"]), z.strictObject({ answers: Matcher })]),
});

/** A script: its exit code and output, run on a host of the lab. */
export const RunSpec = z.strictObject({
  on: z.string(),
  run: z.string(),
  exitCode: Matcher.default(0),
  stdout: Matcher.optional(),
});

/** An object (or a part of it) is as the lab set it up, and was not made anew. */
export const UnchangedSpec = z.strictObject({
  object: ObjectReference,
  namespace: z.string().optional(),
  path: z.string().optional(),
});

/** What must not hold: passes where the inner check fails. */
export const ForbidSpec = z.strictObject({ reach: ReachSpec });

export type ObjectSpec = z.infer<typeof ObjectSpec>;
export type DnsSpec = z.infer<typeof DnsSpec>;
export type RunSpec = z.infer<typeof RunSpec>;
export type UnchangedSpec = z.infer<typeof UnchangedSpec>;
export type ForbidSpec = z.infer<typeof ForbidSpec>;

/** The kinds of checks by the field that a lab names them with. */
export const CHECK_KINDS = {
  object: ObjectSpec,
  reach: ReachSpec,
  dns: DnsSpec,
  run: RunSpec,
  unchanged: UnchangedSpec,
  forbid: ForbidSpec,
} as const;
export type CheckKind = keyof typeof CHECK_KINDS;

const kinds = Object.keys(CHECK_KINDS) as CheckKind[];

export const Check = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -"),
    points: z.number().positive(),
    says: z.string(),
    object: ObjectSpec.optional(),
    reach: ReachSpec.optional(),
    dns: DnsSpec.optional(),
    run: RunSpec.optional(),
    unchanged: UnchangedSpec.optional(),
    forbid: ForbidSpec.optional(),
  })
  .refine(
    (check) => kinds.filter((kind) => check[kind] !== undefined).length === 1,
    `a check has exactly one of ${kinds.join(", ")}`,
  );
export type Check = z.infer<typeof Check>;
