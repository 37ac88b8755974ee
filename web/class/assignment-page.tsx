import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Assignment } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, resultsCsv, resultsJson, useDo } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { Button, ButtonLink, Dialog, durationText, ErrorNotice, Loading, toastError } from "../ui/index.ts";
import { dayText } from "./days.ts";
import { LiveTable } from "./live-table.tsx";
import { Tallies } from "./tallies.tsx";
import "./class.css";

/** One assignment of a class: how it goes, and what it came to. */
export function AssignmentPage({ id, assignment }: { readonly id: string; readonly assignment: string }) {
  const view = useQuery({ queryKey: peopleKeys.class(id), queryFn: ({ signal }) => people.class(id, signal) });
  const found = view.data?.assignments.find((each) => each.id === assignment);
  return (
    <Page title={found?.title ?? "Assignment"}>
      {view.data !== undefined && found !== undefined ? (
        <Whole of={id} name={view.data.name} assignment={found} />
      ) : view.isPending ? (
        <Loading what="the assignment" />
      ) : (
        <div className="class">
          <h1>Assignment</h1>
          {view.error ? (
            <ErrorNotice error={view.error} onRetry={() => void view.refetch()} />
          ) : (
            <p className="class-more">There is no such assignment: it may have been taken back.</p>
          )}
          <div>
            <ButtonLink href={`/classes/${id}`}>Open the class</ButtonLink>
          </div>
        </div>
      )}
    </Page>
  );
}

interface WholeProps {
  readonly of: string;
  readonly name: string;
  readonly assignment: Assignment;
}

function Whole({ of, name, assignment }: WholeProps) {
  const { id, title, opensAt, closesAt, minutes } = assignment;
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const unassign = useDo(() => people.unassign(id), peopleKeys.class(of));
  const words = [
    `Class ${name}`,
    `from ${dayText(opensAt)}${closesAt === null ? "" : ` to ${dayText(closesAt)}`}`,
    ...(minutes === null ? [] : [durationText(minutes * 60_000)]),
  ];
  return (
    <div className="class class-wide">
      <div className="class-head">
        <div>
          <h1>{title}</h1>
          <p className="class-more">{words.join(" · ")}</p>
        </div>
        <div className="class-actions no-print">
          <ButtonLink href={`/classes/${of}`}>Class</ButtonLink>
          <a className="button button-plain button-normal" href={resultsCsv(id)} download={`${title}.csv`}>
            CSV
          </a>
          <a className="button button-plain button-normal" href={resultsJson(id)} download={`${title}.json`}>
            JSON
          </a>
          <Button onPress={() => setAsking(true)}>Take back</Button>
        </div>
      </div>
      <LiveTable assignment={assignment} of={of} />
      <Tallies assignment={id} />
      <Dialog
        title={`Take ${title} back?`}
        role="alertdialog"
        open={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>Keep</Button>
            <Button
              look="primary"
              isPending={unassign.isPending}
              onPress={() =>
                unassign.mutate(undefined, { onSuccess: () => navigate(`/classes/${of}`), onError: toastError })
              }
            >
              Take back
            </Button>
          </>
        }
      >
        <p>
          It leaves the learners&rsquo; catalogues. Attempts that were started go on, and stay their learners&rsquo;.
        </p>
      </Dialog>
    </div>
  );
}
