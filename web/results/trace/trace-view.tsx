import { useId, useMemo, useState } from "react";
import type { PacketTrace } from "../../../grader/trace.ts";
import { Button } from "../../ui/index.ts";
import { packetWords } from "./headers.ts";
import { HopDetails } from "./hop-details.tsx";
import { timeWords, verdictWords, waysOf } from "./hop-words.ts";
import { placeOf } from "./place.ts";
import { TraceDrawing } from "./trace-drawing.tsx";
import { TraceText } from "./trace-text.tsx";
import "./trace.css";

export interface TraceViewProps {
  readonly title: string;
  readonly trace: PacketTrace;
  /** The packet was to end as it did: then nothing of it is marked as a failure. */
  readonly wanted?: boolean;
}

/** The way of a packet and of its answer: a drawing whose stops tell more, or the same as text. */
export function TraceView({ title, trace, wanted = false }: TraceViewProps) {
  const id = useId();
  const [asText, setAsText] = useState(() => window.matchMedia("(max-width: 560px)").matches);
  const ways = useMemo(() => waysOf(trace), [trace]);
  const places = useMemo(() => ways.flatMap(({ hops }) => hops.map(placeOf)), [ways]);
  // What decided: the first packet that did not arrive, or else the arrival of the first.
  const failed = ways.findIndex(({ verdict }) => verdict !== "delivered");
  const decisive = Math.max(0, failed);
  const [chosen, setChosen] = useState({ way: decisive, hop: ways[decisive]!.by });
  const way = ways[chosen.way] ?? trace;
  return (
    <figure className="trace" data-wanted={wanted || undefined} aria-labelledby={id}>
      <figcaption className="trace-caption" id={id}>
        <span>{title}</span>
        <span className="trace-verdict" data-delivered={trace.verdict === "delivered"}>
          {verdictWords(trace)}
        </span>
        <Button look="quiet" size="small" className="trace-switch no-print" onPress={() => setAsText(!asText)}>
          {asText ? "Show the drawing" : "Show as text"}
        </Button>
      </figcaption>
      {asText ? null : (
        <div className="trace-drawn no-print">
          {ways.map((each, at) => (
            <TraceDrawing
              key={at}
              name={wayName(at)}
              note={`${packetWords(each.packet)} · ${timeWords(each.ns)}`}
              trace={each}
              known={places}
              chosen={chosen.way === at ? chosen.hop : undefined}
              onChoose={(hop) => setChosen({ way: at, hop })}
            />
          ))}
          <HopDetails trace={way} hop={chosen.hop} />
        </div>
      )}
      <div className={asText ? "trace-texts" : "trace-texts trace-texts-hidden"}>
        {ways.map((each, at) => (
          <TraceText key={at} name={wayName(at)} trace={each} />
        ))}
      </div>
    </figure>
  );
}

function wayName(at: number): string {
  return at === 0 ? "There" : "And back";
}
