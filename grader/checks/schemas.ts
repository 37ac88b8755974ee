import { z } from "zod";
import { Matcher } from "../matcher.ts";
import { KindName, ObjectReference, Place, Source } from "./names.ts";
import { ReachSpec } from "./reach-spec.ts";

const namespace = z.string().optional();

/** A JSONPath such as `{.spec.type}`, `.spec.ports[*].port` or `{.items[?(@.name=="http")].port}`. */
const Path = z.string().min(1);

/** One object of the API: what is at a path in it; without a path, whether it is there. */
const OneObject = z.strictObject({ object: ObjectReference, namespace, path: Path.optional(), is: Matcher });

/** Objects of a kind, all or those of a label: what is at a path in each; without a path, how many there are. */
const ManyObjects = z.strictObject({
  objects: KindName,
  namespace,
  labels: z.string().optional(),
  path: Path.optional(),
  is: Matcher,
});

export const ObjectSpec = z.union([OneObject, ManyObjects], {
  error: "expected { object: KIND/NAME, namespace, path, is } or { objects: KIND, namespace, labels, path, is }",
});

/** A name lookup, as the resolver of the place does it. */
export const DnsSpec = z.strictObject({
  from: Source,
  name: z.string(),
  type: z.enum(["A", "AAAA", "SRV", "CNAME", "PTR", "TXT"]).default("A"),
  expect: z.union([z.enum(["found", "not found", "no answer"]), z.strictObject({ answers: Matcher })], {
    error: "expected found, not found, no answer or { answers: … }",
  }),
});

/** A script: its exit code and output, run on a host of the lab (in a copy of it: what the script changes is forgotten). */
export const RunSpec = z.strictObject({
  on: Place,
  run: z.string(),
  exitCode: Matcher.default(0),
  stdout: Matcher.optional(),
});

/** A file of a machine or container: its text (without the line's end behind it), permission bits as `644`, owner as `root:root`. */
export const FileSpec = z
  .strictObject({
    path: z.string().startsWith("/"),
    on: Place,
    is: Matcher.optional(),
    mode: Matcher.optional(),
    owner: Matcher.optional(),
  })
  .refine(
    ({ is, mode, owner }) => is !== undefined || mode !== undefined || owner !== undefined,
    "say what the file must be like: is, mode or owner",
  );

/** What a machine's system says of itself, as its tools would print it. */
export const NodeSpec = z.union(
  [
    /** A systemd unit: `active`, `inactive`, `failed`… */
    z.strictObject({ on: z.string(), unit: z.string(), is: Matcher }),
    /** The state of a network link as `ip -br link` prints it: `UP`, `DOWN`… */
    z.strictObject({ on: Place, link: z.string(), is: Matcher }),
    /** The routes to a prefix or `default`, as `ip route` prints them. */
    z.strictObject({ on: Place, route: z.string(), is: Matcher }),
    /** `net.ipv4.ip_forward` */
    z.strictObject({ on: Place, sysctl: z.string(), is: Matcher }),
    /** The rules of a chain, as `iptables -S` prints them. */
    z.strictObject({
      on: Place,
      chain: z.string(),
      table: z.enum(["filter", "nat", "mangle", "raw"]).default("filter"),
      is: Matcher,
    }),
  ],
  { error: "expected { on, unit | link | route | sysctl | chain, is }" },
);

/** Something is as the lab set it up: an object (or a part of it) that was not made anew, objects of a kind, or a file. */
export const UnchangedSpec = z.union(
  [
    z.strictObject({ object: ObjectReference, namespace, path: Path.optional() }),
    z.strictObject({ objects: KindName, namespace, except: z.array(z.string()).optional() }),
    z.strictObject({ file: z.string().startsWith("/"), on: z.string() }),
  ],
  { error: "expected { object: KIND/NAME, namespace, path }, { objects: KIND, namespace, except } or { file, on }" },
);

/** What must not hold. For `reach`: not from any of the places, not to any of the addresses. */
export const ForbidSpec = z
  .strictObject({
    reach: ReachSpec.optional(),
    object: ObjectSpec.optional(),
    dns: DnsSpec.optional(),
    file: FileSpec.optional(),
    node: NodeSpec.optional(),
    run: RunSpec.optional(),
  })
  .refine(
    (inner) => Object.values(inner).filter((field) => field !== undefined).length === 1,
    "forbid has exactly one of reach, object, dns, file, node, run",
  );

export type ObjectSpec = z.infer<typeof ObjectSpec>;
export type DnsSpec = z.infer<typeof DnsSpec>;
export type RunSpec = z.infer<typeof RunSpec>;
export type FileSpec = z.infer<typeof FileSpec>;
export type NodeSpec = z.infer<typeof NodeSpec>;
export type UnchangedSpec = z.infer<typeof UnchangedSpec>;
export type ForbidSpec = z.infer<typeof ForbidSpec>;

/** The kinds of checks by the field that a lab names them with. */
export const CHECK_KINDS = {
  object: ObjectSpec,
  reach: ReachSpec,
  dns: DnsSpec,
  file: FileSpec,
  node: NodeSpec,
  run: RunSpec,
  unchanged: UnchangedSpec,
  forbid: ForbidSpec,
} as const;
export type CheckKind = keyof typeof CHECK_KINDS;

const kinds = Object.keys(CHECK_KINDS) as CheckKind[];

export const CheckId = z.string().regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -");

export const Check = z
  .strictObject({
    id: CheckId,
    points: z.number().positive(),
    /** What holds if the check passes, as a sentence for the learner. */
    says: z.string(),
    /** Checks of the same task without which this one means nothing: it is not judged if one of them fails. */
    needs: z.array(CheckId).default([]),
    /** A part of the points for a part of the places or objects for which it holds. */
    partial: z.boolean().default(false),
    object: ObjectSpec.optional(),
    reach: ReachSpec.optional(),
    dns: DnsSpec.optional(),
    file: FileSpec.optional(),
    node: NodeSpec.optional(),
    run: RunSpec.optional(),
    unchanged: UnchangedSpec.optional(),
    forbid: ForbidSpec.optional(),
  })
  .refine(
    (check) => kinds.filter((kind) => check[kind] !== undefined).length === 1,
    `a check has exactly one of ${kinds.join(", ")}`,
  );
export type Check = z.infer<typeof Check>;

/** A check as a lab writes it, before defaults are filled in. */
export type CheckInput = z.input<typeof Check>;
