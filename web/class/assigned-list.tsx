import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import type { AssignedWork } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useMe, useStart } from "../api/index.ts";
import { Button, ButtonLink, Dialog, durationText, percentText, toastError } from "../ui/index.ts";
import { dayText } from "./days.ts";

/** What is assigned to whoever is here; nothing if nothing is. */
export function AssignedList() {
  const accounts = useMe().data?.accounts === true;
  const list = useQuery({
    queryKey: peopleKeys.assigned,
    queryFn: ({ signal }) => people.assigned(signal),
    enabled: accounts,
    staleTime: 0,
  });
  if (list.data === undefined || list.data.assigned.length === 0) return null;
  const { now, assigned } = list.data;
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
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const mutation = useStart();
  const start = (): void => {
    setAsking(false);
    const { kind, of, id } = work;
    mutation.mutate(
      { kind, of, assignment: id },
      { onSuccess: (view) => navigate(`/attempts/${view.id}`), onError: toastError },
    );
  };
  const limited = work.kind === "exam" || work.minutes !== null;
  const canStart =
    now >= work.opensAt &&
    (work.closesAt === null || now < work.closesAt) &&
    (attempt === null || (work.kind === "lab" && attempt.state === "graded"));
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
      ) : canStart ? (
        <Button
          look={attempt === null ? "primary" : "plain"}
          isDisabled={mutation.isPending}
          aria-label={`Start ${title}, assigned`}
          onPress={() => (limited ? setAsking(true) : start())}
        >
          {mutation.isPending ? "Starting…" : "Start"}
        </Button>
      ) : attempt === null ? (
        <Button isDisabled aria-label={`Start ${title}, assigned`}>
          Start
        </Button>
      ) : (
        <ButtonLink href={`/attempts/${attempt.id}/result`} aria-label={`Result of ${title}, assigned`}>
          Result
        </ButtonLink>
      )}
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
          The clock runs{work.minutes === null ? "" : ` for ${durationText(work.minutes * 60_000)}`}, and whatever is
          there at its end is graded.{work.kind === "exam" ? " You take it once." : ""}
        </p>
      </Dialog>
    </li>
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
