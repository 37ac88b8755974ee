import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Review, ReviewPart } from "../../server/sessions/protocol/index.ts";
import { useChecks, useReplay, useTimeline } from "../api/index.ts";
import { Empty, ErrorNotice, Tab, TabList, TabPanel, Tabs } from "../ui/index.ts";
import { useReviewKeys, type ReviewKey } from "./keys.ts";
import { CommandsPanel } from "./panels/commands-panel.tsx";
import { CommentsPanel } from "./panels/comments-panel.tsx";
import { PointsPanel } from "./panels/points-panel.tsx";
import { StatePanel } from "./panels/state-panel.tsx";
import { TrailPanel } from "./panels/trail-panel.tsx";
import { Controls } from "./player/controls.tsx";
import { step } from "./player/course.ts";
import { ReplayScreen } from "./player/replay-screen.tsx";
import { useCourse } from "./player/use-course.ts";
import { SandboxDialog } from "./sandbox.tsx";
import { stopsOf } from "./timeline/lanes.ts";
import { TimelineView } from "./timeline/timeline.tsx";

/** The arrows go so far, in milliseconds. */
const ARROW = 5_000;
/** What begins later than so many milliseconds after the start is not waited for. */
const LATE = 30_000;

/** One lab of an attempt: its terminals, the timeline, and beside them what belongs to the moment. */
export function PartReview({ review, part }: { readonly review: Review; readonly part: ReviewPart }) {
  const { id, startedAt } = review.attempt;
  const number = part.part;
  const timeline = useTimeline(id, number);
  const checks = useChecks(id, number);
  const [terminal, setTerminal] = useState(part.terminals[0] ?? 1);
  const replay = useReplay(id, number, terminal);
  const commands = timeline.data?.commands;
  const activity = useMemo(() => {
    const printed = replay.data?.events.map(([moment]) => moment + replay.data.startedAt) ?? [];
    return [...printed, ...(commands ?? []).map((command) => command.at)].toSorted((a, b) => a - b);
  }, [replay.data, commands]);
  const controls = useCourse(startedAt, review.until, activity);
  const { course, goTo, toggle } = controls;
  const { at } = course;
  // A later lab of an exam was begun long after the start: nothing is there to be seen before.
  const first = activity[0];
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || first === undefined || timeline.data === undefined) return;
    opened.current = true;
    if (at === startedAt && first - startedAt > LATE) goTo(first);
  }, [at, first, timeline.data, startedAt, goTo]);
  const [tab, setTab] = useState("commands");
  const [sandbox, setSandbox] = useState<number>();
  const commentField = useRef<HTMLTextAreaElement>(null);

  const visit = useCallback(
    (moment: number, where?: number): void => {
      goTo(moment);
      if (where !== undefined && part.terminals.includes(where)) setTerminal(where);
    },
    [goTo, part.terminals],
  );
  // While it plays one sees where somebody works.
  const working = course.playing ? commands?.findLast((command) => command.at <= at)?.terminal : undefined;
  useEffect(() => {
    if (typeof working === "number" && part.terminals.includes(working)) setTerminal(working);
  }, [working, part.terminals]);
  const stops = useMemo(() => stopsOf(commands ?? []), [commands]);
  const stepTo = (direction: "next" | "previous"): void => {
    const moment = step(
      stops.toSorted((a, b) => a - b),
      at,
      direction,
    );
    if (moment !== undefined) visit(moment, commands?.[stops.indexOf(moment)]?.terminal ?? undefined);
  };
  const comment = (): void => {
    if (course.playing) toggle();
    setTab("comments");
    // The panel is there with the next drawing.
    setTimeout(() => commentField.current?.focus());
  };
  useReviewKeys((key: ReviewKey) => {
    if (key === "toggle") toggle();
    else if (key === "comment") comment();
    else if (key === "back" || key === "forward") goTo(at + (key === "back" ? -ARROW : ARROW));
    else stepTo(key);
  });

  const comments = review.comments.filter((each) => each.part === number);
  return (
    <div className="review-part">
      <div className="review-main">
        {part.terminals.length > 1 ? (
          <div className="terminal-choice" role="group" aria-label="Terminals">
            {part.terminals.map((each) => (
              <button key={each} type="button" aria-pressed={each === terminal} onClick={() => setTerminal(each)}>
                Terminal {each}
              </button>
            ))}
          </div>
        ) : null}
        {replay.data ? (
          <ReplayScreen replay={replay.data} at={at} label={`Terminal ${terminal}, replay`} />
        ) : replay.isError && part.terminals.length > 0 ? (
          <ErrorNotice error={replay.error} onRetry={() => void replay.refetch()} />
        ) : (
          <div className="replay-screen replay-empty">
            {part.terminals.length === 0 ? <Empty title="Nobody opened a terminal here." /> : null}
          </div>
        )}
        <Controls controls={controls} onStep={stepTo} onComment={comment} />
        <TimelineView
          course={course}
          onGoTo={visit}
          timeline={timeline.data}
          stops={stops}
          checks={checks.data}
          checksNote={checks.isError ? "The checks could not be run again." : "Checks are being run at each command…"}
          comments={comments}
        />
        <p className="review-keys no-print">
          <kbd>Space</kbd> plays, <kbd>←</kbd> <kbd>→</kbd> move by 5 s, <kbd>[</kbd> <kbd>]</kbd> go to commands,{" "}
          <kbd>c</kbd> comments.
        </p>
      </div>
      <aside className="review-side" aria-label="At this moment">
        <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))}>
          <TabList aria-label="About this attempt">
            <Tab id="commands">Commands</Tab>
            <Tab id="state">State</Tab>
            <Tab id="comments">Comments{comments.length > 0 ? ` (${comments.length})` : ""}</Tab>
            <Tab id="points">Points</Tab>
            <Tab id="trail">Trail</Tab>
          </TabList>
          <TabPanel id="commands">
            {timeline.data ? (
              <CommandsPanel timeline={timeline.data} stops={stops} from={startedAt} at={at} onGoTo={visit} />
            ) : timeline.isError ? (
              <ErrorNotice error={timeline.error} onRetry={() => void timeline.refetch()} />
            ) : (
              <p className="panel-note">The attempt is played again…</p>
            )}
          </TabPanel>
          <TabPanel id="state">
            <StatePanel
              id={id}
              part={number}
              from={startedAt}
              at={at}
              playing={course.playing}
              onSandbox={(moment) => setSandbox(moment)}
            />
          </TabPanel>
          <TabPanel id="comments">
            <CommentsPanel
              id={id}
              part={number}
              from={startedAt}
              at={at}
              comments={comments}
              onGoTo={goTo}
              field={commentField}
            />
          </TabPanel>
          <TabPanel id="points">
            <PointsPanel id={id} part={number} review={review} />
          </TabPanel>
          <TabPanel id="trail">
            <TrailPanel review={review} />
          </TabPanel>
        </Tabs>
      </aside>
      {sandbox === undefined ? null : (
        <SandboxDialog id={id} part={number} at={sandbox} from={startedAt} onClose={() => setSandbox(undefined)} />
      )}
    </div>
  );
}
