import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import type { AttemptReport } from "../../server/sessions/protocol/index.ts";
import { reportUrl, useAttempt, useGradings, useManagement, useMe, useReport, useStart } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { Button, ButtonLink, durationText, Empty, ErrorNotice, Icon, Loading, toastError } from "../ui/index.ts";
import { Comparison } from "./comparison.tsx";
import { dateText } from "./date-text.ts";
import { GradingsLine } from "./gradings.tsx";
import { NextList } from "./next-list.tsx";
import { RemarksSection } from "./remarks.tsx";
import { ReportView } from "./report-view.tsx";

export function ResultPage({ id }: { readonly id: string }) {
  const report = useReport(id);
  const title = report.data === undefined ? "Result" : `Result of ${report.data.title}`;
  return (
    <Page title={title}>
      <div className="result">
        {report.data !== undefined ? (
          <Result report={report.data} />
        ) : report.error?.code === "not-graded" ? (
          <NotGraded id={id} />
        ) : report.isError ? (
          <>
            <h1 className="only-read">Result</h1>
            <ErrorNotice error={report.error} onRetry={() => void report.refetch()} />
            <p>
              <ButtonLink href="/">Open the catalogue</ButtonLink>
            </p>
          </>
        ) : (
          <Loading what="the result" />
        )}
      </div>
    </Page>
  );
}

function Result({ report: counts }: { readonly report: AttemptReport }) {
  const gradings = useGradings(counts.attempt).data;
  const asked = useMe().data;
  const me = asked?.user;
  const { data: managed } = useManagement(counts.attempt, asked !== undefined && me?.role !== "learner");
  /** Whose attempt it is, if that is somebody else. */
  const learner = managed?.learner === me?.name ? null : (managed?.learner ?? null);
  const [chosen, setChosen] = useState<number>();
  const shown = chosen ?? (gradings?.again.length ?? 0) - 1;
  const report = (chosen === undefined ? undefined : (gradings?.again[chosen]?.report ?? gradings?.first)) ?? counts;
  /** What is written on, if it was tried here. */
  const draft = /^draft:(.+)$/.exec(report.of)?.[1];
  const [, navigate] = useLocation();
  const start = useStart();
  const again = (): void =>
    start.mutate(
      { kind: report.kind, of: report.of },
      { onSuccess: ({ id }) => navigate(`/attempts/${id}`), onError: toastError },
    );
  useEffect(() => openForPrint(), []);
  return (
    <>
      <div className="result-head">
        <div>
          <h1>
            {report.title}
            {learner === null ? "" : `, ${learner}`}
          </h1>
          <p className="result-when">
            {report.reason === "time" ? "Graded when the time ran out" : "Submitted"}, {dateText(report.at)} ·{" "}
            {durationText(report.took)} of work
          </p>
        </div>
        <div className="result-actions no-print">
          <Button onPress={() => window.print()}>
            <Icon name="print" />
            Print
          </Button>
          <ButtonLink href={reportUrl(report.attempt)} download={`drydock-${report.of}-${report.attempt}.json`}>
            <Icon name="download" />
            Save as JSON
          </ButtonLink>
          {managed ? (
            <>
              <ButtonLink href={`/attempts/${report.attempt}/manage`}>Manage</ButtonLink>
              <ButtonLink href={`/review/${report.attempt}`}>Review</ButtonLink>
            </>
          ) : null}
          <ButtonLink href="/">Catalogue</ButtonLink>
          {draft !== undefined ? (
            <ButtonLink look="primary" href={`/authoring/${draft}`}>
              Back to the draft
            </ButtonLink>
          ) : learner === null ? (
            <Button look="primary" isDisabled={start.isPending} onPress={again}>
              {start.isPending ? "Starting…" : "Try again"}
            </Button>
          ) : null}
        </div>
      </div>
      <RemarksSection report={report} />
      {gradings && gradings.again.length > 0 ? (
        <GradingsLine gradings={gradings} shown={shown} onShow={setChosen} />
      ) : null}
      <ReportView key={chosen ?? "counts"} report={report}>
        <Comparison report={report} />
        {learner === null && draft === undefined ? <NextList report={report} /> : null}
      </ReportView>
    </>
  );
}

function NotGraded({ id }: { readonly id: string }) {
  const attempt = useAttempt(id);
  if (attempt.data?.state !== "open") return <Loading what="the result: it is being graded" />;
  return (
    <Empty title="This attempt is still open." action={<ButtonLink href={`/attempts/${id}`}>Go on with it</ButtonLink>}>
      Its result is here when it was submitted.
    </Empty>
  );
}

/** Paper cannot be opened: all checks are, while it is printed. */
function openForPrint(): () => void {
  const closed: HTMLElement[] = [];
  const before = (): void => {
    for (const panel of document.querySelectorAll<HTMLElement>(".check-panel[hidden]")) {
      panel.hidden = false;
      closed.push(panel);
    }
  };
  const after = (): void => {
    for (const panel of closed.splice(0)) panel.hidden = true;
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  };
}
