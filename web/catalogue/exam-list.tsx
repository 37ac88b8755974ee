import { useState } from "react";
import type { AttemptSummary, Catalogue } from "../../server/sessions/protocol/index.ts";
import { Button, ButtonLink, Dialog, Disclosure, Icon, percentText } from "../ui/index.ts";
import { weightPercents } from "./topics.ts";

type Exam = Catalogue["exams"][number];

export interface ExamListProps {
  readonly exams: readonly Exam[];
  readonly open: readonly AttemptSummary[];
  readonly starting: string | undefined;
  /** Somebody thinks about starting it. */
  readonly onAsk: (id: string) => void;
  readonly onStart: (id: string) => void;
}

export function ExamList({ exams, ...row }: ExamListProps) {
  return (
    <section className="shelf" aria-labelledby="exams">
      <h2 id="exams">Exams</h2>
      <ul className="rows">
        {exams.map((exam) => (
          <ExamRow key={exam.id} exam={exam} {...row} />
        ))}
      </ul>
    </section>
  );
}

function ExamRow({ exam, open, starting, onAsk, onStart }: Omit<ExamListProps, "exams"> & { readonly exam: Exam }) {
  const [asking, setAsking] = useState(false);
  const attempt = open.find(({ kind, of }) => kind === "exam" && of === exam.id);
  return (
    <li className="row row-exam">
      <div className="row-words">
        <span className="row-title">{exam.title}</span>
        <span className="row-summary">{exam.summary}</span>
        <Disclosure title={`${labCount(exam)} labs, ${exam.pass} % to pass`} className="exam-more">
          <ExamLabs exam={exam} />
        </Disclosure>
      </div>
      <span className="row-minutes">{exam.minutes} min</span>
      <span className="row-best" data-done={(exam.best !== null && exam.best >= exam.pass) || undefined}>
        {exam.best === null ? null : (
          <>
            {exam.best >= exam.pass ? <Icon name="pass" size={14} /> : null}
            <span className="only-read">best score </span>
            {percentText(exam.best)}
          </>
        )}
      </span>
      {attempt === undefined ? (
        <Button
          isDisabled={starting !== undefined}
          aria-label={`Start ${exam.title}`}
          onPress={() => {
            onAsk(exam.id);
            setAsking(true);
          }}
        >
          {starting === exam.id ? "Starting…" : "Start"}
        </Button>
      ) : (
        <ButtonLink href={`/attempts/${attempt.id}`} aria-label={`Continue ${exam.title}`}>
          Continue
        </ButtonLink>
      )}
      <Dialog
        title={`Start ${exam.title}?`}
        open={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>Not now</Button>
            <Button
              look="primary"
              autoFocus
              onPress={() => {
                setAsking(false);
                onStart(exam.id);
              }}
            >
              Start the exam
            </Button>
          </>
        }
      >
        <p>
          The clock runs for {exam.minutes} min and cannot be stopped. Whatever is there at its end is graded; you pass
          with {exam.pass} %.
        </p>
        <ExamLabs exam={exam} />
      </Dialog>
    </li>
  );
}

function labCount({ labs, draw }: Exam): number {
  return labs.length + draw.reduce((sum, { count }) => sum + count, 0);
}

/** The exam's labs in their order, with their shares of the score. */
function ExamLabs({ exam }: { readonly exam: Exam }) {
  const drawn = exam.draw.map(({ topics, level, count, weight }) => ({
    title: `${count} drawn from ${level === undefined ? "" : `${level} `}labs on ${topics.join(", ")}`,
    weight: count * weight,
  }));
  const parts = [...exam.labs, ...drawn];
  const percents = weightPercents(parts.map(({ weight }) => weight));
  return (
    <ol className="exam-labs">
      {parts.map(({ title }, at) => (
        <li key={at}>
          <span>{title}</span>
          <span className="exam-weight">
            {percents[at]} %<span className="only-read"> of the score</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
