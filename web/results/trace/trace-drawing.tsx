import { useLayoutEffect, useMemo, useRef, type KeyboardEvent } from "react";
import type { PacketTrace } from "../../../grader/trace.ts";
import { decidedWords, hopSentence } from "./hop-words.ts";
import { LANE, layoutTrace, type Band, type Stop } from "./layout.ts";
import type { Place } from "./place.ts";
import type { Step } from "./steps.ts";

export interface TraceDrawingProps {
  /** Its number among the packet and its answers. */
  readonly way: number;
  readonly name: string;
  readonly note: string;
  readonly trace: PacketTrace;
  /** Places of the packets before this one. */
  readonly known: readonly Place[];
  /** Number of the hop whose details are shown. */
  readonly chosen: number | undefined;
  readonly onChoose: (hop: number) => void;
  readonly onStep: (step: Step) => void;
}

const STEPS: Readonly<Record<string, Step>> = { ArrowRight: "on", ArrowLeft: "back", Home: "first", End: "last" };

/** Width of the lanes' names (trace.css). */
const LANES = 208;

/** One packet's way: lanes for places, a band of its addresses above, stops that can be pointed at or walked by arrow keys. */
export function TraceDrawing({ way, name, note, trace, known, chosen, onChoose, onStep }: TraceDrawingProps) {
  const layout = useMemo(() => layoutTrace(trace, known), [trace, known]);
  const scroll = useRef<HTMLDivElement>(null);
  const { width, height, top, lanes, stops, bands, sleeves } = layout;
  // A packet that was stopped far to the right: there is where to look first.
  useLayoutEffect(() => {
    const box = scroll.current;
    const stopped = trace.verdict === "delivered" ? undefined : layout.stops[trace.by];
    if (box && stopped) box.scrollLeft = Math.max(0, stopped.x + LANES + 80 - box.clientWidth);
  }, [layout, trace]);
  const walk = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onStep(step);
  };
  return (
    <div className="trace-way" data-way={way}>
      <div className="trace-way-name">
        {name} <span className="trace-way-note">{note}</span>
      </div>
      <div className="trace-scroll" ref={scroll}>
        <div className="trace-lanes" style={{ paddingTop: top }} aria-hidden="true">
          <div className="trace-ends">
            <span>from</span>
            <span>to</span>
          </div>
          {lanes.map(({ key, name: place, is }) => (
            <div key={key} className="trace-lane" style={{ height: LANE }}>
              <span className="trace-lane-name" title={place}>
                {place}
              </span>
              <span className="trace-lane-is">{is}</span>
            </div>
          ))}
        </div>
        <svg
          className="trace-svg"
          height={height}
          style={{ minWidth: width }}
          role="group"
          aria-label={`${name}: ${trace.hops.length} stops; arrow keys walk along them`}
          onKeyDown={walk}
        >
          {lanes.map(({ key }, at) => (
            <line key={key} className="trace-rule" x1={0} x2="100%" y1={top + at * LANE} y2={top + at * LANE} />
          ))}
          {bands.map((band) => (
            <BandBox key={band.x} band={band} />
          ))}
          {sleeves.map(({ x, width: length, words }) => (
            <g key={x} aria-hidden="true">
              <rect className="trace-sleeve" x={x} y={layout.sleeveTop} width={length} height={20} rx={10} />
              <text className="trace-sleeve-words" x={x + 12} y={layout.sleeveTop + 14}>
                {words}
              </text>
            </g>
          ))}
          <path className="trace-line" d={layout.way} />
          {stops.map((stop) => (
            <StopMark
              key={stop.hop}
              stop={stop}
              trace={trace}
              chosen={chosen === stop.hop}
              reached={(chosen ?? trace.by) === stop.hop}
              onChoose={onChoose}
            />
          ))}
        </svg>
      </div>
    </div>
  );
}

function BandBox({ band: { x, width, src, dst, changed } }: { readonly band: Band }) {
  return (
    <g aria-hidden="true">
      <rect className="trace-band" x={x + 2} y={1} width={width - 4} height={40} rx={6} />
      <text className="trace-band-words" x={x + 12} y={17} data-changed={changed.src || undefined}>
        {src}
      </text>
      <text className="trace-band-words" x={x + 12} y={33} data-changed={changed.dst || undefined}>
        {dst}
      </text>
    </g>
  );
}

interface StopMarkProps {
  readonly stop: Stop;
  readonly trace: PacketTrace;
  readonly chosen: boolean;
  /** The one stop that the Tab key reaches. */
  readonly reached: boolean;
  readonly onChoose: (hop: number) => void;
}

function StopMark({ stop, trace, chosen, reached, onChoose }: StopMarkProps) {
  const { x, y, minor, decides, changes, label } = stop;
  const kind = decides
    ? trace.verdict === "delivered"
      ? "arrived"
      : "stopped"
    : changes
      ? "changes"
      : minor
        ? "minor"
        : "passed";
  const radius = { arrived: 10, stopped: 10, changes: 7, passed: 6, minor: 3.5 }[kind];
  const decided = decides ? ` ${decidedWords(trace)}` : "";
  return (
    <g
      className="trace-stop"
      data-kind={kind}
      data-hop={stop.hop}
      role="button"
      tabIndex={reached ? 0 : -1}
      aria-pressed={chosen}
      aria-label={`${minor ? "" : `${label.top} ${label.below}. `}Stop ${stop.hop + 1} of ${trace.hops.length}. ${hopSentence(trace.hops[stop.hop]!)}.${decided}`}
      onFocus={() => onChoose(stop.hop)}
      onClick={() => onChoose(stop.hop)}
    >
      <rect className="trace-hit" x={x - 17} y={y - 20} width={34} height={40} />
      {chosen ? <circle className="trace-halo" cx={x} cy={y} r={radius + 5} /> : null}
      <circle className="trace-dot" cx={x} cy={y} r={radius} />
      {kind === "stopped" ? <path className="trace-glyph" d={`M${x - 4} ${y - 4}l8 8m0-8l-8 8`} /> : null}
      {kind === "arrived" ? <path className="trace-glyph" d={`M${x - 4.5} ${y + 0.5}l3 3.5 6-7.5`} /> : null}
      {changes && !decides ? (
        <path className="trace-glyph" d={`M${x - 3.5} ${y - 1.5}h7l-2-2M${x + 3.5} ${y + 1.5}h-7l2 2`} />
      ) : null}
      {minor ? null : (
        <>
          <text className="trace-label" x={x} y={y + 23}>
            {label.top}
          </text>{" "}
          <text className="trace-label trace-label-below" x={x} y={y + 36}>
            {label.below}
          </text>
        </>
      )}
    </g>
  );
}
