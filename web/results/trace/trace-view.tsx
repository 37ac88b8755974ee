import { useId, useMemo, useRef, useState } from "react";
import type { PacketTrace } from "../../../grader/trace.ts";
import { announce, Button, Icon } from "../../ui/index.ts";
import { packetWords } from "./headers.ts";
import { HopDetails } from "./hop-details.tsx";
import { hopSentence, timeWords, verdictWords, waysOf } from "./hop-words.ts";
import { placeOf } from "./place.ts";
import { stepFrom, type Step, type StopAt } from "./steps.ts";
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
  const decided: StopAt = { way: decisive, hop: ways[decisive]!.by };
  const [chosen, setChosen] = useState(decided);
  const figure = useRef<HTMLElement>(null);
  const stopAt = ({ way, hop }: StopAt): SVGGElement | null | undefined =>
    figure.current?.querySelector<SVGGElement>(`[data-way="${way}"] [data-hop="${hop}"]`);
  /** By a key the focus goes along; a button keeps it, and the stop comes into view. */
  const go = (step: Step, focus: boolean): void => {
    const next = stepFrom(ways, chosen, step, decided);
    if (focus) return stopAt(next)?.focus();
    setChosen(next);
    announce(hopSentence(ways[next.way]!.hops[next.hop]!));
    stopAt(next)?.scrollIntoView({ block: "nearest", inline: "center" });
  };
  const way = ways[chosen.way] ?? trace;
  return (
    <figure ref={figure} className="trace" data-wanted={wanted || undefined} aria-labelledby={id}>
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
              way={at}
              name={wayName(at)}
              note={`${packetWords(each.packet)} · ${timeWords(each.ns)}`}
              trace={each}
              known={places}
              chosen={chosen.way === at ? chosen.hop : undefined}
              onChoose={(hop) => setChosen({ way: at, hop })}
              onStep={(step) => go(step, true)}
            />
          ))}
          <HopDetails
            trace={way}
            hop={chosen.hop}
            steps={<StepButtons ways={ways} chosen={chosen} decided={decided} onStep={(step) => go(step, false)} />}
          />
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

interface StepButtonsProps {
  readonly ways: readonly PacketTrace[];
  readonly chosen: StopAt;
  readonly decided: StopAt;
  readonly onStep: (step: Step) => void;
}

/** Walks along the way stop by stop, there and back. */
function StepButtons({ ways, chosen, decided, onStep }: StepButtonsProps) {
  const last = { way: ways.length - 1, hop: ways.at(-1)!.hops.length - 1 };
  const at = ({ way, hop }: StopAt): boolean => chosen.way === way && chosen.hop === hop;
  return (
    <span className="hop-steps" role="group" aria-label="Walk along the way">
      <Button size="small" aria-label="Stop before" isDisabled={at({ way: 0, hop: 0 })} onPress={() => onStep("back")}>
        <Icon name="left" size={14} />
      </Button>
      <Button size="small" aria-label="Next stop" isDisabled={at(last)} onPress={() => onStep("on")}>
        <Icon name="right" size={14} />
      </Button>
      <Button size="small" isDisabled={at(decided)} onPress={() => onStep("decided")}>
        What decided
      </Button>
    </span>
  );
}
