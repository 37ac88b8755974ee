import { memo, useRef, type CSSProperties, type PointerEvent, type ReactNode } from "react";
import type { CheckLane, Comment, ObjectChange, Timeline } from "../../../server/sessions/protocol/index.ts";
import { Icon } from "../../ui/index.ts";
import { momentText } from "../moment.ts";
import type { Course } from "../player/course.ts";
import { stretchesOf } from "./lanes.ts";

export interface TimelineProps {
  readonly course: Course;
  readonly onGoTo: (at: number, terminal?: number) => void;
  readonly timeline: Timeline | undefined;
  /** When the work of each command was to be seen. */
  readonly stops: readonly number[];
  readonly checks: CheckLane | undefined;
  /** In words: why there are no checks (yet). */
  readonly checksNote: string;
  readonly comments: readonly Comment[];
}

const GLYPHS = { created: "+", changed: "~", deleted: "−" } as const;

interface LanesProps extends Omit<TimelineProps, "course"> {
  readonly from: number;
  readonly until: number;
}

/** What happened, on lanes over the time of the attempt. A click goes to its moment. */
export function TimelineView({ course, onGoTo, timeline, stops, checks, checksNote, comments }: TimelineProps) {
  const track = useRef<HTMLDivElement>(null);
  const { at, from, until } = course;
  const span = Math.max(1, until - from);
  const point = (event: PointerEvent): void => {
    const box = track.current!.getBoundingClientRect();
    onGoTo(from + ((event.clientX - box.left) / box.width) * span);
  };
  const commands = timeline?.commands ?? [];
  const terminals = [...new Set(commands.map(({ terminal }) => terminal))];
  const key = (name: string): number | undefined => {
    if (name === "Home") return from;
    return name === "End" ? until : undefined;
  };
  return (
    <section className="timeline" aria-label="Timeline">
      <div
        className="timeline-slider"
        role="slider"
        tabIndex={0}
        aria-label="Moment"
        aria-valuemin={0}
        aria-valuemax={Math.round(span / 1000)}
        aria-valuenow={Math.round((at - from) / 1000)}
        aria-valuetext={`${momentText(at - from)} of ${momentText(span)}`}
        onKeyDown={(event) => {
          const moment = key(event.key);
          if (moment === undefined) return;
          event.preventDefault();
          onGoTo(moment);
        }}
      >
        <div className="timeline-names" aria-hidden="true">
          {terminals.map((terminal) => (
            <Name key={String(terminal)}>
              {terminals.length === 1
                ? "Commands"
                : `Commands, ${terminal === null ? "by ssh" : `terminal ${terminal}`}`}
            </Name>
          ))}
          {terminals.length === 0 ? <Name>Commands</Name> : null}
          <Name>Objects</Name>
          {checks === undefined ? <Name>Checks</Name> : null}
          {checks?.checks.map(({ id, task, says }) => (
            <Name key={`${task}/${id}`}>{says}</Name>
          ))}
          <Name>Comments</Name>
        </div>
        <div
          className="timeline-track"
          ref={track}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            point(event);
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) point(event);
          }}
        >
          <Lanes {...{ from, until, onGoTo, timeline, stops, checks, checksNote, comments }} />
          <span className="playhead" style={{ left: `${(100 * (at - from)) / span}%` }} />
        </div>
      </div>
    </section>
  );
}

/** The lanes. They are drawn once, not with each moment of a replay. */
const Lanes = memo(function Lanes(props: LanesProps) {
  const { from, until, onGoTo, timeline, stops, checks, checksNote, comments } = props;
  const span = Math.max(1, until - from);
  const x = (moment: number): CSSProperties => ({ left: `${(100 * (moment - from)) / span}%` });
  const commands = timeline?.commands ?? [];
  const terminals = [...new Set(commands.map(({ terminal }) => terminal))];
  return (
    <>
      {(terminals.length > 0 ? terminals : [null]).map((terminal) => (
        <div className="lane" key={String(terminal)}>
          {commands.map((command, index) =>
            command.terminal === terminal ? (
              <span
                key={index}
                className="mark mark-command"
                data-failed={(command.status ?? 0) !== 0 || undefined}
                style={x(command.at)}
                title={`${momentText(command.at - from)}  ${command.text}`}
                onPointerDown={(event) => {
                  event.stopPropagation();
                  onGoTo(stops[index]!, command.terminal ?? undefined);
                }}
              />
            ) : null,
          )}
        </div>
      ))}
      <div className="lane">
        {timeline?.changes.map((change, index) => (
          <span key={index} className="mark mark-change" style={x(change.at)} title={changeText(change, from)}>
            {GLYPHS[change.verb]}
          </span>
        ))}
      </div>
      {checks === undefined ? <div className="lane lane-note">{checksNote}</div> : null}
      {checks?.checks.map(({ id, task }) => (
        <div className="lane" key={`${task}/${id}`}>
          {stretchesOf(checks, `${task}/${id}`, stops, from, until).map((stretch) => (
            <span
              key={stretch.from}
              className="stretch"
              data-outcome={stretch.outcome}
              style={{ ...x(stretch.from), width: `${(100 * (stretch.until - stretch.from)) / span}%` }}
            >
              <Icon name={stretch.outcome === "broke" ? "broke" : stretch.outcome} size={12} />
            </span>
          ))}
        </div>
      ))}
      <div className="lane">
        {comments.map((comment) => (
          <span key={comment.id} className="mark mark-comment" style={x(comment.at)} title={comment.text} />
        ))}
      </div>
    </>
  );
});

function Name({ children }: { readonly children: ReactNode }) {
  return <span className="lane-name">{children}</span>;
}

/** `02:13  changed service shop/cart: spec.selector.app "crat" → "cart"` */
export function changeText({ at, verb, kind, namespace, name, fields, more }: ObjectChange, from: number): string {
  const what = `${verb} ${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
  const lines = fields.map(({ path, from: was, to }) => `${path}: ${was ?? "nothing"} → ${to ?? "nothing"}`);
  return [`${momentText(at - from)}  ${what}`, ...lines, ...(more ? ["…"] : [])].join("\n");
}
