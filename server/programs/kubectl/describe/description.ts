import { calendar, MONTHS, pad, parseRfc3339, WEEKDAYS, type Time } from "../../../sim/kernel/index.ts";
import { humanDuration, type Condition, type KubeObject, type StringMap } from "../../../sim/kube/api/index.ts";
import { DESCRIBE, TabWriter } from "../output/index.ts";
import { escapeTerminal } from "../output/index.ts";

/** A text in columns, as `describe` writes it: a tab ends a cell, every level is indented by two spaces (PrefixWriter). */
export class Description {
  readonly #writer = new TabWriter(DESCRIBE);
  /** The simulated time, for ages. */
  readonly now: Time;
  /** Tabs stay tabs. */
  readonly #plain: boolean;
  #text = "";
  #depth = 0;

  constructor(now: Time, options: { readonly plain?: boolean } = {}) {
    this.now = now;
    this.#plain = options.plain ?? false;
  }

  /** Writes text at a level; it need not be a whole line. */
  write(level: number, text: string): void {
    const line = "  ".repeat(this.#depth + level) + escapeTerminal(text);
    if (this.#plain) this.#text += line;
    else this.#writer.write(line);
  }

  /** A whole line at a level. */
  line(level: number, text: string): void {
    this.write(level, `${text}\n`);
  }

  /** `NAME:` and its value in the next column. */
  field(name: string, value: string | number | boolean, level = 0): void {
    this.line(level, `${name}:\t${String(value)}`);
  }

  /** What is written meanwhile stands that many levels deeper: every piece of it, also within a line (NestedPrefixWriter). */
  nested(levels: number, write: () => void): void {
    this.#depth += levels;
    write();
    this.#depth -= levels;
  }

  /** Columns of what comes next do not line up with what stands above. */
  flush(): void {
    this.#writer.flush();
  }

  get text(): string {
    return this.#plain ? this.#text : this.#writer.take();
  }
}

/** `k=v`, sorted, a line each; the name stands before the first. */
export function writeLabels(
  out: Description,
  title: string,
  labels: StringMap | undefined,
  indent = "",
  inner = "\t",
): void {
  out.write(0, `${indent}${title}:${inner}`);
  const keys = Object.keys(labels ?? {}).sort();
  if (keys.length === 0) return out.line(0, "<none>");
  keys.forEach((key, at) => out.line(0, `${at === 0 ? "" : indent + inner}${key}=${labels![key]!}`));
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const LONGEST_ANNOTATION = 140;

/** Annotations, sorted; long ones, and those of several lines, below their name. What apply remembers is left out. */
export function writeAnnotations(out: Description, title: string, annotations: StringMap | undefined): void {
  out.write(0, `${title}:\t`);
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== LAST_APPLIED)
    .sort();
  if (keys.length === 0) return out.line(0, "<none>");
  const indent = "\t";
  keys.forEach((key, at) => {
    if (at > 0) out.write(0, indent);
    const value = annotations![key]!.replace(/\n$/, "");
    if (value.length + key.length + 2 > LONGEST_ANNOTATION || value.includes("\n")) {
      out.line(0, `${key}:`);
      for (const line of value.split("\n")) out.line(0, `${indent}  ${shorten(line, LONGEST_ANNOTATION - 2)}`);
    } else out.line(0, `${key}: ${value}`);
  });
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}

/** `Fri, 20 Nov 2026 08:00:00 +0000` (time.RFC1123Z); a time that is not given is the beginning of Go's. */
export function longTime(time: string | null | undefined): string {
  const parsed = time ? parseRfc3339(time) : undefined;
  if (parsed === undefined) return "Mon, 01 Jan 0001 00:00:00 +0000";
  const { weekday, day, month, year, hour, minute, second } = calendar(parsed);
  const date = `${pad(day, 2)} ${MONTHS[month - 1]!.slice(0, 3)} ${year}`;
  return `${WEEKDAYS[weekday]!.slice(0, 3)}, ${date} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)} +0000`;
}

/** The conditions of a namespace or a ServiceCIDR. */
export function writeDatedConditions(out: Description, conditions: readonly Condition[]): void {
  out.line(0, "Conditions:");
  out.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
  out.line(1, "----\t------\t------------------\t------\t-------");
  for (const { type, status, lastTransitionTime, reason = "", message = "" } of conditions)
    out.line(1, `${type}\t${status}\t${longTime(lastTransitionTime)}\t${reason}\t${message}`);
}

/** How long ago something was: `25h`; `<unknown>` if it does not say. */
export function ago(time: string | null | undefined, now: Time): string {
  const parsed = time ? parseRfc3339(time) : undefined;
  return parsed === undefined ? "<unknown>" : humanDuration(now - parsed);
}

/** Labels as one text: `a=1,b=2`, or `<none>`. */
export function labelText(labels: StringMap | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? "<none>" : keys.map((key) => `${key}=${labels![key]!}`).join(",");
}

/** `Deployment/web`: the thing that controls an object. */
export function controllerOf({ metadata }: KubeObject): string | undefined {
  const { ownerReferences = [] } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  return owner && `${owner.kind}/${owner.name}`;
}

export function capitalized(value: boolean): "True" | "False" {
  return value ? "True" : "False";
}
