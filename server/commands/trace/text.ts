import {
  decisionWords,
  isLookup,
  lookupText,
  type explainProbe,
  type KubernetesNames,
  type Probe,
} from "../../../grader/index.ts";
import type { Trace } from "../../sim/net/index.ts";

/** A probe in words: what was looked up, the hops there and back with what they changed, and what decided. */
export function traceText(
  from: string,
  probe: Probe,
  explanation: ReturnType<typeof explainProbe>,
  names: KubernetesNames,
): string {
  const { target, lookup, address, outcome, detail, backend } = probe;
  const lines = [`${from} -> ${target.words}`];
  const questions = lookup?.lookup && lookupText(lookup.lookup);
  if (questions) lines.push(...questions.split("\n").map((question) => `  asks ${question}`));
  const told = (decisions: Probe["decisions"]): string[] => decisions.map((decision) => `  ${decisionWords(decision)}`);
  lines.push(...told(probe.decisions.filter(isLookup)));
  const trace = shownTrace(probe);
  if (lookup && address !== undefined && address !== target.host) lines.push(`  ${target.host} is ${address}`);
  if (trace) {
    lines.push(...hopLines(trace, "  ", names));
    if (trace.reply) lines.push("  and back", ...hopLines(trace.reply, "  ", names));
  }
  lines.push(...told(probe.decisions.filter((decision) => !isLookup(decision))));
  lines.push(
    `${outcome}${detail === undefined ? "" : `: ${detail}`}${backend ? ` (${backend.name}, ${backend.address}:${backend.port})` : ""}`,
  );
  if (explanation.why !== undefined) lines.push(`why: ${explanation.why}`);
  if (explanation.see !== undefined) lines.push(`see: ${explanation.see}`);
  return `${lines.join("\n")}\n`;
}

/** Where a connection went is decided for its first packet, unless it broke later. */
export function shownTrace({ outcome, trace, opening }: Probe): Trace | undefined {
  return outcome === "connected" ? (opening ?? trace) : trace;
}

/** Rows that say more than the words beside them. */
const SHOWN = new Set(["rule", "route", "sysctl"]);

function hopLines(trace: Trace, indent: string, names: KubernetesNames): string[] {
  const places = trace.hops.map(({ host, netns }) => (netns === "" || netns === host ? host : netns));
  const width = Math.max(0, ...places.map((place) => place.length));
  const lines = trace.hops.map((hop, at) => {
    const { what, ref, at: kind } = hop.toJSON();
    const row = ref && SHOWN.has(ref.kind) ? `  [${ref.table === undefined ? "" : `-t ${ref.table} `}${ref.text}]` : "";
    const mark = hop === trace.by ? "*" : " ";
    const name = names.of(trace, hop);
    const made = name === undefined ? "" : `  (${name})`;
    return `${indent}${mark} ${places[at]!.padEnd(width)}  ${kind.padEnd(9)}  ${what}${made}${row}`;
  });
  return shortened(lines);
}

/** A way in circles is told once: the lines of a circle stand for all that are the same. */
function shortened(lines: readonly string[]): string[] {
  const told: string[] = [];
  for (let at = 0; at < lines.length;) {
    const { length, times } = circleAt(lines, at);
    told.push(...lines.slice(at, at + length));
    if (times > 1) told.push(`    … the last ${length} steps ${times - 1} times more`);
    at += length * times;
  }
  return told;
}

/** How many lines from here on are repeated, and how often; one line, once, where nothing is. */
function circleAt(lines: readonly string[], at: number): { length: number; times: number } {
  for (let length = 2; length <= LONGEST_CIRCLE; length++) {
    let times = 1;
    while (isSame(lines, at, at + length * times, length)) times++;
    if (times > 3) return { length, times };
  }
  return { length: 1, times: 1 };
}

function isSame(lines: readonly string[], a: number, b: number, length: number): boolean {
  if (b + length > lines.length) return false;
  for (let step = 0; step < length; step++) if (lines[a + step] !== lines[b + step]) return false;
  return true;
}

const LONGEST_CIRCLE = 24;
