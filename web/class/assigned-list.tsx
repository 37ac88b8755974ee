import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import type { AssignedList as Assigned, AssignedWork } from "../../server/sessions/protocol/index.ts";
import { api, people, peopleKeys, useMe, useStart } from "../api/index.ts";
import { Button, ButtonLink, Dialog, durationText, percentText, toastError } from "../ui/index.ts";
import { dayText } from "./days.ts";

const NONE: Assigned = { now: 0, assigned: [] };

/** What is assigned to whoever is here; undefined until it is known. */
export function useAssigned(): Assigned | undefined {
  const accounts = useMe().data?.accounts === true;
  const list = useQuery({
    queryKey: peopleKeys.assigned,
    queryFn: ({ signal }) => people.assigned(signal),
    enabled: accounts,
    staleTime: 0,
  });
  return list.data ?? (accounts && list.isPending ? undefined : NONE);
}

/** Whether it can be started now: for the first time, or a lab once more. */
function canStart({ kind, opensAt, closesAt, attempt }: AssignedWork, now: number): boolean {
  if (now < opensAt || (closesAt !== null && now >= closesAt)) return false;
  return attempt === null || (kind === "lab" && attempt.state === "graded");
}

/** What somebody has still to begin: an attempt of their own would not count for it. */
export function notBegun({ now, assigned }: Assigned): readonly AssignedWork[] {
  return assigned.filter((work) => work.attempt === null && canStart(work, now));
}

export function AssignedList({ now, assigned }: Assigned) {
  if (assigned.length === 0) return null;
  return (
    <section className="shelf" aria-labelledby="assigned">
      <h2 id="assigned">Assigned to you</h2>
      <ul className="rows">
        {assigned.map((work) => (
          <AssignedRow key={work.id} work={work} now={now} />
        ))}
      </ul>
    </section>
  );
}

function AssignedRow({ work, now }: { readonly work: AssignedWork; readonly now: number }) {
  const { title, attempt } = work;
  return (
    <li className="row row-attempt">
      <div className="row-words">
        <span className="row-title">{title}</span>
        <span className="row-summary">{windowText(work, now)}</span>
      </div>
      <span className="row-best">
        {attempt?.percent == null ? null : (
          <>
            <span className="only-read">score </span>
            {percentText(attempt.percent)}
          </>
        )}
      </span>
      {attempt !== null && attempt.state !== "graded" ? (
        <ButtonLink look="primary" href={`/attempts/${attempt.id}`} aria-label={`Continue ${title}, assigned`}>
          Continue
        </ButtonLink>
      ) : canStart(work, now) ? (
        <StartAssigned work={work} label={`Start ${title}, assigned`} look={attempt === null ? "primary" : "plain"} />
      ) : attempt === null ? (
        <Button isDisabled aria-label={`Start ${title}, assigned`}>
          Start
        </Button>
      ) : (
        <ButtonLink href={`/attempts/${attempt.id}/result`} aria-label={`Result of ${title}, assigned`}>
          Result
        </ButtonLink>
      )}
    </li>
  );
}

interface StartAssignedProps {
  readonly work: AssignedWork;
  /** Of the button. */
  readonly label: string;
  readonly look: "primary" | "plain";
}

/** Starts what was assigned; what ends by the clock is asked for first. */
export function StartAssigned({ work, label, look }: StartAssignedProps) {
  const { id, kind, of, title, minutes } = work;
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const mutation = useStart();
  const start = (): void => {
    setAsking(false);
    mutation.mutate(
      { kind, of, assignment: id },
      { onSuccess: (view) => navigate(`/attempts/${view.id}`), onError: toastError },
    );
  };
  const ask = (): void => {
    // While it is read, the clusters are made: it starts sooner then, and without that all the same.
    void api.prepare({ kind, of }).catch(() => {});
    setAsking(true);
  };
  return (
    <>
      <Button
        look={look}
        isDisabled={mutation.isPending}
        aria-label={label}
        onPress={kind === "exam" || minutes !== null ? ask : start}
      >
        {mutation.isPending ? "Starting…" : "Start"}
      </Button>
      <Dialog
        title={`Start ${title}?`}
        open={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>Not now</Button>
            <Button look="primary" autoFocus onPress={start}>
              Start it
            </Button>
          </>
        }
      >
        <p>
          The clock runs{minutes === null ? "" : ` for ${durationText(minutes * 60_000)}`}, and whatever is there at its
          end is graded.{kind === "exam" ? " You take it once." : ""}
        </p>
      </Dialog>
    </>
  );
}

function windowText({ class: name, kind, minutes, opensAt, closesAt, attempt }: AssignedWork, now: number): string {
  const what = kind === "exam" ? "Exam" : "Lab";
  const words = [`${what} · class ${name}`];
  if (minutes !== null) words.push(durationText(minutes * 60_000));
  if (attempt?.state === "grading") words.push("is being graded");
  else if (attempt?.state === "abandoned") words.push("ended without grading");
  else if (now < opensAt) words.push(`opens ${dayText(opensAt)}`);
  else if (closesAt !== null) words.push(`${now < closesAt ? "until" : "closed"} ${dayText(closesAt)}`);
  return words.join(" · ");
}
