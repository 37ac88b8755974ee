/** Where everything of a packet's way is drawn: lanes for places, stops from left to right. Pure; in CSS pixels. */
import type { PacketTrace, TraceHop } from "../../../grader/trace.ts";
import { endsOf, firstEnds, sentEnds, type Ends } from "./headers.ts";
import { hopLabel, type HopLabel } from "./hop-label.ts";
import { placeOf, type Place } from "./place.ts";

export const LANE = 64;
/** From a lane's top to its line. */
const LINE = 20;
const BAND = 42;
const SLEEVE = 24;
const GAP = 10;
/** Width of a character of 12 px JetBrains Mono. */
const CHAR = 7.25;
const MINOR = 36;
const EDGE = 16;

export interface Stop {
  /** Number of its hop. */
  readonly hop: number;
  readonly lane: number;
  readonly x: number;
  readonly y: number;
  readonly label: HopLabel;
  /** Passed on without a decision: drawn small and without a label. */
  readonly minor: boolean;
  readonly decides: boolean;
  /** It changed where the packet comes from or goes to. */
  readonly changes: boolean;
}

/** A stretch of the way on which the packet has the same ends. */
export interface Band extends Ends {
  readonly x: number;
  readonly width: number;
  /** Which end differs from the band before. */
  readonly changed: { readonly src: boolean; readonly dst: boolean };
}

/** A stretch on which the packet is inside of another one. */
export interface Sleeve {
  readonly x: number;
  readonly width: number;
  readonly words: string;
}

export interface TraceLayout {
  readonly width: number;
  readonly height: number;
  /** Where the lanes begin: above are bands and sleeves. */
  readonly top: number;
  readonly lanes: readonly Place[];
  readonly stops: readonly Stop[];
  readonly bands: readonly Band[];
  readonly sleeves: readonly Sleeve[];
  readonly bandTop: number;
  readonly sleeveTop: number;
  /** The packet's way as the `d` of an SVG path. */
  readonly way: string;
}

/** `known`: places that have their lanes already, so that an answer goes back up along the same ones. */
export function layoutTrace(trace: PacketTrace, known: readonly Place[] = []): TraceLayout {
  const { hops, by } = trace;
  const visited = new Map(hops.map((hop) => [placeOf(hop).key, placeOf(hop)]));
  const lanes = [...new Map([...known.map((place) => [place.key, place] as const), ...visited])]
    .map(([, place]) => place)
    .filter(({ key }) => visited.has(key));
  const stretches = stretchesOf(trace);
  const tunnels = tunnelsOf(hops);
  const { xs, lefts, width } = columns(hops, by, stretches);
  const sleeveTop = BAND + 4;
  const top = (tunnels.length > 0 ? sleeveTop + SLEEVE : BAND) + GAP;
  const stops = hops.map((hop, at): Stop => {
    const lane = lanes.findIndex(({ key }) => key === placeOf(hop).key);
    return {
      hop: at,
      lane,
      x: xs[at]!,
      y: top + lane * LANE + LINE,
      label: hopLabel(hop),
      minor: isMinor(hop, at === by),
      decides: at === by,
      changes: changesEnds(hop),
    };
  });
  const edge = (at: number): number => (at <= 0 ? 0 : at >= hops.length ? width : xs[at]!);
  return {
    width,
    height: top + lanes.length * LANE,
    top,
    lanes,
    stops,
    bands: stretches.map(({ from, to, ends }, at) => {
      const last = stretches[at - 1]?.ends;
      return {
        ...ends,
        x: edge(from),
        width: edge(to) - edge(from),
        changed: { src: last !== undefined && last.src !== ends.src, dst: last !== undefined && last.dst !== ends.dst },
      };
    }),
    sleeves: tunnels.map(({ from, to, words }) => ({ x: xs[from]!, width: edge(to) - xs[from]!, words })),
    bandTop: 0,
    sleeveTop,
    way: wayOf(stops, lefts),
  };
}

/** Hops from `from` up to and without `to` that a packet passes with the same ends. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly ends: Ends;
}

function stretchesOf(trace: PacketTrace): Stretch[] {
  const { hops } = trace;
  const changes = hops.flatMap((hop, at) => (changesEnds(hop) ? [at] : []));
  const starts = [0, ...changes];
  return starts.map((from, number) => ({
    from,
    to: starts[number + 1] ?? hops.length,
    ends: number === 0 ? firstEnds(trace) : endsOf(hops[from]!.after!),
  }));
}

function changesEnds({ before, after }: TraceHop): boolean {
  if (!before || !after) return false;
  const [a, b] = [endsOf(before), endsOf(after)];
  return a.src !== b.src || a.dst !== b.dst;
}

/** A tunnel begins where a packet is sent inside of another one, and ends at the next tunnel's hop. */
function tunnelsOf(
  hops: readonly TraceHop[],
): { readonly from: number; readonly to: number; readonly words: string }[] {
  const tunnels: { from: number; to: number; words: string }[] = [];
  let open: { from: number; words: string } | undefined;
  hops.forEach((hop, at) => {
    if (hop.at !== "tunnel") return;
    const outer = sentEnds(hops[at + 1]);
    if (open) {
      tunnels.push({ ...open, to: at });
      open = undefined;
    } else if (outer) {
      const kind = /^[a-z]+/.exec(hop.what)?.[0] ?? "tunnel";
      open = { from: at, words: `in ${kind} ${outer.src} → ${outer.dst}` };
    }
  });
  if (open) tunnels.push({ ...open, to: hops.length });
  return tunnels;
}

function isMinor({ at, what, ref, before, after }: TraceHop, decides: boolean): boolean {
  if (decides || (before && after)) return false;
  if (at === "policy") return ref?.kind === "policy" && what.endsWith("policy ACCEPT");
  return at === "link" || at === "neighbour";
}

/** The stops' centres, far enough apart for their labels and for the ends above them. */
function columns(
  hops: readonly TraceHop[],
  by: number,
  stretches: readonly Stretch[],
): { readonly xs: readonly number[]; readonly lefts: readonly number[]; readonly width: number } {
  const widths = hops.map((hop, at) => {
    if (isMinor(hop, at === by)) return MINOR;
    const { top, below } = hopLabel(hop);
    return Math.max(top.length, below.length, 5) * CHAR + 20;
  });
  const xs: number[] = [];
  const lefts: number[] = [];
  let right = EDGE;
  for (const [number, { from, to, ends }] of stretches.entries()) {
    const needed = (Math.max(ends.src.length, ends.dst.length) + 2) * CHAR + 24;
    for (let at = from; at < to; at++) {
      lefts.push(right);
      xs.push(right + widths[at]! / 2);
      right += widths[at]!;
    }
    // The stretch reaches from its first stop to the next stretch's first one.
    const start = number === 0 ? 0 : xs[from]!;
    const end = to < hops.length ? right + widths[to]! / 2 : right + EDGE;
    right += Math.max(0, needed - (end - start));
  }
  return { xs: xs.map(Math.round), lefts: lefts.map(Math.round), width: Math.round(right + EDGE) };
}

/** From stop to stop; between lanes with a rounded step between the columns, where no label is. */
function wayOf(stops: readonly Stop[], lefts: readonly number[]): string {
  const radius = 8;
  return stops
    .map(({ x, y }, at) => {
      const last = stops[at - 1];
      if (!last) return `M${x} ${y}`;
      if (last.y === y) return `H${x}`;
      const middle = lefts[at]!;
      const down = y > last.y ? radius : -radius;
      return `H${middle - radius}Q${middle} ${last.y} ${middle} ${last.y + down}V${y - down}Q${middle} ${y} ${middle + radius} ${y}H${x}`;
    })
    .join("");
}
