import { formatQuantity, parseQuantity, type LimitRange, type ResourceQuota } from "../../../sim/kube/api/index.ts";
import type { Description } from "./description.ts";
import { sortedNames } from "./resources.ts";
import type { DescribeSession, Subject } from "./session.ts";

const NANO = 1_000_000_000n;

/** What a quota of that scope counts (helpTextForResourceQuotaScope). */
const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
  NotTerminating:
    "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
  BestEffort:
    "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
  NotBestEffort:
    "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
};

/** kubectl pkg/describe ResourceQuotaDescriber; events are not shown. */
export async function describeQuota(session: DescribeSession, subject: Subject): Promise<string> {
  const { metadata, spec, status } = await session.get<ResourceQuota>(subject);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  writeScopes(out, 0, spec.scopes, " * ");
  out.line(0, "Resource\tUsed\tHard");
  out.line(0, "--------\t----\t----");
  for (const name of sortedNames(status.hard)) {
    const hard = status.hard![name]!;
    out.line(0, `${name}\t${alike(status.used?.[name] ?? "0", hard)}\t${hard}`);
  }
  return out.text;
}

/** The quotas of a namespace in its description (DescribeResourceQuotas). */
export function writeQuotas(out: Description, quotas: readonly ResourceQuota[]): void {
  if (quotas.length === 0) return out.line(0, "No resource quota.");
  out.line(0, "Resource Quotas");
  for (const { metadata, spec, status } of quotas.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    out.field("Name", metadata.name, 1);
    writeScopes(out, 1, spec.scopes, "* ");
    out.line(1, "Resource\tUsed\tHard");
    out.line(1, "--------\t---\t---");
    for (const name of sortedNames(status.hard))
      out.line(1, `${name}\t${status.used?.[name] ?? "0"}\t${status.hard![name]!}`);
  }
}

function writeScopes(out: Description, level: number, scopes: readonly string[] | undefined, bullet: string): void {
  if (!scopes?.length) return;
  const sorted = scopes.toSorted();
  out.field("Scopes", sorted.join(", "), level);
  for (const scope of sorted) if (SCOPES[scope]) out.line(level, `${bullet}${SCOPES[scope]}`);
}

/** The amount in the units of another: with a hard `1Gi`, `128M` are `125000Ki`. */
function alike(used: string, hard: string): string {
  const amount = parseQuantity(used);
  const model = parseQuantity(hard);
  if (typeof amount === "string" || typeof model === "string" || amount.format === model.format) return used;
  // Only whole units are kept.
  const whole = (amount.nanos + NANO - 1n) / NANO;
  return formatQuantity({ nanos: whole * NANO, format: model.format });
}

const COLUMNS = "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio";
const LINES = "----\t--------\t---\t---\t---------------\t-------------\t-----------------------";

/** kubectl pkg/describe LimitRangeDescriber; events are not shown. */
export async function describeLimitRange(session: DescribeSession, subject: Subject): Promise<string> {
  const range = await session.get<LimitRange>(subject);
  const out = session.paper();
  out.field("Name", range.metadata.name);
  out.field("Namespace", range.metadata.namespace ?? "");
  out.line(0, COLUMNS);
  out.line(0, LINES);
  writeLimits(out, range, "");
  return out.text;
}

/** The limit ranges of a namespace in its description (DescribeLimitRanges). */
export function writeLimitRanges(out: Description, ranges: readonly LimitRange[]): void {
  if (ranges.length === 0) return out.line(0, "No LimitRange resource.");
  out.line(0, `Resource Limits\n ${COLUMNS}`);
  out.line(0, ` ${LINES}`);
  for (const range of ranges) writeLimits(out, range, " ");
}

/** A line per resource that an item names; kubectl goes through them in no order, we in that of their names. */
function writeLimits(out: Description, { spec }: LimitRange, indent: string): void {
  for (const { type, min, max, defaultRequest, default: limit, maxLimitRequestRatio: ratio } of spec.limits ?? []) {
    for (const name of sortedNames({ ...min, ...max, ...defaultRequest, ...limit, ...ratio })) {
      const amounts = [min, max, defaultRequest, limit, ratio].map((list) => list?.[name] ?? "-");
      out.line(0, `${indent}${type}\t${name}\t${amounts.join("\t")}`);
    }
  }
}
