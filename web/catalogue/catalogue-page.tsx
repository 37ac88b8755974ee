import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import type { AssignedList as AssignedWorks, Catalogue, StartAttempt } from "../../server/sessions/protocol/index.ts";
import { api, useCatalogue, useStart } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { Button, Disclosure, Empty, ErrorNotice, Loading, Notice, toastError } from "../ui/index.ts";
import { AssignedList, notBegun, useAssigned } from "../class/assigned-list.tsx";
import { AttemptList } from "./attempt-list.tsx";
import { ExamList } from "./exam-list.tsx";
import { LabList, NextLab } from "./lab-list.tsx";
import { SearchBox } from "./search-box.tsx";
import { TopicList } from "./topic-list.tsx";
import { findLabs, nextLab, topicTitle } from "./topics.ts";
import "./catalogue.css";

export function CataloguePage() {
  const catalogue = useCatalogue();
  const assigned = useAssigned();
  return (
    <Page title="Catalogue">
      {catalogue.data !== undefined && assigned !== undefined ? (
        <Shelves
          catalogue={catalogue.data}
          assigned={assigned}
          stale={catalogue.isError}
          onRetry={() => void catalogue.refetch()}
        />
      ) : catalogue.isError ? (
        <div className="catalogue-alone">
          <h1 className="only-read">Catalogue</h1>
          <ErrorNotice error={catalogue.error} onRetry={() => void catalogue.refetch()} />
        </div>
      ) : (
        <Loading what="the catalogue" />
      )}
    </Page>
  );
}

interface ShelvesProps {
  readonly catalogue: Catalogue;
  readonly assigned: AssignedWorks;
  /** The server did not answer when it was asked again. */
  readonly stale: boolean;
  readonly onRetry: () => void;
}

function Shelves({ catalogue, assigned, stale, onRetry }: ShelvesProps) {
  const { labs, exams, open, recent, problems } = catalogue;
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState("");
  const { start, starting } = useStarting();
  const due = notBegun(assigned);
  const named = params.get("topic");
  const topic = labs.some(({ topics }) => named !== null && topics.includes(named)) ? named : null;
  const found = findLabs(labs, topic, search);
  const setTopic = (name: string | null): void =>
    setParams(
      (now) => {
        if (name === null) now.delete("topic");
        else now.set("topic", name);
        return now;
      },
      { replace: true },
    );
  const chosen = topic !== null || search.trim() !== "";
  if (labs.length === 0 && exams.length === 0)
    return (
      <Empty title="No labs yet">
        A lab is a small cluster with a fault, a task and a clock. Put a folder with a <code>lab.yaml</code> into{" "}
        <code>labs/</code>, and it is listed here.
        {problems.length > 0 ? <Problems problems={problems} /> : null}
      </Empty>
    );
  const next = open.length > 0 || due.length > 0 ? undefined : nextLab(labs);
  const freeExams = exams.filter(({ id }) => !due.some(({ kind, of }) => kind === "exam" && of === id));
  return (
    <div className="catalogue">
      <TopicList labs={labs} chosen={topic} onChoose={setTopic} />
      <div className="catalogue-main">
        <div className="catalogue-head">
          <h1>Catalogue</h1>
          <SearchBox value={search} onChange={setSearch} found={found.length} />
        </div>
        {stale ? (
          <Notice kind="warn" title="Drydock does not answer." action={<Button onPress={onRetry}>Try again</Button>}>
            This list is as it was. Your clusters and answers are kept on the server.
          </Notice>
        ) : null}
        {open.length === 0 && recent.length === 0 ? (
          <p className="catalogue-intro">
            A lab is a small cluster of your own with a fault in it, a task and a clock. Repair it in the terminal and
            submit: the result shows what each check saw, and why.
          </p>
        ) : null}
        {chosen ? null : <AssignedList {...assigned} />}
        {open.length > 0 && !chosen ? <AttemptList title="Continue" attempts={open} /> : null}
        {next === undefined || chosen ? null : (
          <NextLab
            title={labs.every(({ best }) => best === null) ? "Begin here" : "What is next"}
            lab={next}
            open={open}
            starting={starting}
            onStart={(id) => start({ kind: "lab", of: id })}
          />
        )}
        {freeExams.length > 0 && !chosen ? (
          <ExamList
            exams={freeExams}
            open={open}
            starting={starting}
            onAsk={prepareExam}
            onStart={(id) => start({ kind: "exam", of: id })}
          />
        ) : null}
        <LabList
          title={topic === null ? "Labs" : topicTitle(topic)}
          labs={found}
          grouped={!chosen}
          due={due}
          open={open}
          starting={starting}
          onStart={(id) => start({ kind: "lab", of: id })}
          onClear={() => {
            setSearch("");
            setTopic(null);
          }}
        />
        {recent.length > 0 && !chosen ? <AttemptList title="Results" attempts={recent} /> : null}
        {problems.length > 0 ? <Problems problems={problems} /> : null}
      </div>
    </div>
  );
}

/** For who writes labs: files that are not listed, and why. */
function Problems({ problems }: { readonly problems: readonly string[] }) {
  const count = `${problems.length} problem${problems.length === 1 ? "" : "s"} in lab files`;
  return (
    <Disclosure title={count} level={2} className="catalogue-problems">
      <ul className="plain">
        {problems.map((problem) => (
          <li key={problem}>
            <code>{problem}</code>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

/** While the dialog is read, the exam's clusters are made: it starts sooner then, and without that all the same. */
function prepareExam(id: string): void {
  void api.prepare({ kind: "exam", of: id }).catch(() => {});
}

/** Starts an attempt and opens it. `starting` is the id of what is started. */
function useStarting(): { readonly start: (order: StartAttempt) => void; readonly starting: string | undefined } {
  const [, navigate] = useLocation();
  const mutation = useStart();
  const start = (order: StartAttempt): void =>
    mutation.mutate(order, { onSuccess: ({ id }) => navigate(`/attempts/${id}`), onError: toastError });
  return { start, starting: mutation.isPending ? mutation.variables.of : undefined };
}
