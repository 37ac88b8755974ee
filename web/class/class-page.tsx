import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Assignment, ClassView, Learner } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useDo } from "../api/index.ts";
import { Page } from "../app/index.ts";
import {
  Button,
  ButtonLink,
  Copyable,
  Dialog,
  durationText,
  ErrorNotice,
  Loading,
  Notice,
  toastError,
} from "../ui/index.ts";
import { AssignDialog } from "./assign-dialog.tsx";
import { Instructors } from "./instructors.tsx";
import { dayText } from "./days.ts";
import "./class.css";

/** One class: what is assigned, and who is in it. */
export function ClassPage({ id }: { readonly id: string }) {
  const view = useQuery({ queryKey: peopleKeys.class(id), queryFn: ({ signal }) => people.class(id, signal) });
  return (
    <Page title={view.data?.name ?? "Class"}>
      {view.data !== undefined ? (
        <Class view={view.data} />
      ) : view.error ? (
        <div className="class">
          <h1 className="only-read">Class</h1>
          <ErrorNotice error={view.error} onRetry={() => void view.refetch()} />
        </div>
      ) : (
        <Loading what="the class" />
      )}
    </Page>
  );
}

function Class({ view }: { readonly view: ClassView }) {
  const { id, name, learners, assignments } = view;
  const [assigning, setAssigning] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [, navigate] = useLocation();
  const remove = useDo(() => people.removeClass(id), peopleKeys.classes);
  return (
    <div className="class">
      <div className="class-head">
        <h1>{name}</h1>
        <Button onPress={() => setRemoving(true)}>Remove the class</Button>
      </div>
      <section className="class-part" aria-labelledby="assignments">
        <div className="class-head">
          <h2 id="assignments">Assignments</h2>
          <Button look="primary" onPress={() => setAssigning(true)}>
            Assign…
          </Button>
        </div>
        {assignments.length === 0 ? (
          <p className="class-more">Nothing is assigned yet: choose a lab or an exam and when it is open.</p>
        ) : (
          <ul className="class-rows">
            {assignments.map((assignment) => (
              <AssignmentRow key={assignment.id} of={id} assignment={assignment} />
            ))}
          </ul>
        )}
      </section>
      <section className="class-part" aria-labelledby="learners">
        <h2 id="learners">Learners</h2>
        <Invite id={id} />
        {learners.length === 0 ? (
          <p className="class-more">Nobody is in the class yet.</p>
        ) : (
          <ul className="class-rows">
            {learners.map((learner) => (
              <LearnerRow key={learner.id} of={id} learner={learner} />
            ))}
          </ul>
        )}
      </section>
      <Instructors view={view} />
      <AssignDialog id={id} open={assigning} onClose={() => setAssigning(false)} />
      <Dialog
        title={`Remove ${name}?`}
        role="alertdialog"
        open={removing}
        onClose={() => setRemoving(false)}
        actions={
          <>
            <Button onPress={() => setRemoving(false)}>Keep</Button>
            <Button
              look="primary"
              isPending={remove.isPending}
              onPress={() => remove.mutate(undefined, { onSuccess: () => navigate("/classes"), onError: toastError })}
            >
              Remove
            </Button>
          </>
        }
      >
        <p>Its assignments go with it. The learners&rsquo; accounts and attempts stay.</p>
      </Dialog>
    </div>
  );
}

function AssignmentRow({ of, assignment }: { readonly of: string; readonly assignment: Assignment }) {
  const { id, title, kind, opensAt, closesAt, minutes } = assignment;
  const words = [
    kind === "exam" ? "Exam" : "Lab",
    `from ${dayText(opensAt)}${closesAt === null ? "" : ` to ${dayText(closesAt)}`}`,
    ...(minutes === null ? [] : [durationText(minutes * 60_000)]),
  ];
  return (
    <li>
      <span className="class-row-words">
        <span className="class-row-title">{title}</span>
        <span className="class-more">{words.join(" · ")}</span>
      </span>
      <ButtonLink href={`/classes/${of}/assignments/${id}`} aria-label={`Open ${title}`}>
        Open
      </ButtonLink>
    </li>
  );
}

function LearnerRow({ of, learner }: { readonly of: string; readonly learner: Learner }) {
  const remove = useDo(() => people.removeLearner(of, learner.id), peopleKeys.classes);
  return (
    <li>
      <span className="class-row-words">{learner.name}</span>
      <Button
        size="small"
        isPending={remove.isPending}
        aria-label={`Take out ${learner.name}`}
        onPress={() => remove.mutate(undefined, { onError: toastError })}
      >
        Take out
      </Button>
    </li>
  );
}

function Invite({ id }: { readonly id: string }) {
  const invite = useDo(() => people.inviteToClass(id, { uses: 50, days: 14 }));
  return (
    <>
      <div>
        <Button isPending={invite.isPending} onPress={() => invite.mutate(undefined, { onError: toastError })}>
          Make an invitation link
        </Button>
      </div>
      {invite.data === undefined ? null : (
        <Notice kind="info" title="Send this link to your learners. It works 50 times, for 14 days.">
          <Copyable text={invite.data.link} look="line" />
        </Notice>
      )}
    </>
  );
}
