import type { AssignedWork, AttemptSummary } from "../../server/sessions/protocol/index.ts";
import { StartAssigned } from "../class/assigned-list.tsx";
import { Button, ButtonLink, Icon, Level, percentText } from "../ui/index.ts";
import { byTopic, isDone, progressOf, topicTitle, type Lab } from "./topics.ts";

export interface LabListProps {
  readonly title: string;
  readonly labs: readonly Lab[];
  readonly open: readonly AttemptSummary[];
  /** What is assigned and not begun. */
  readonly due?: readonly AssignedWork[];
  /** Under headings of what they are mainly about. */
  readonly grouped: boolean;
  readonly starting: string | undefined;
  readonly onStart: (id: string) => void;
  readonly onClear: () => void;
}

export function LabList({ title, labs, grouped, onClear, ...row }: LabListProps) {
  return (
    <section className="shelf" aria-labelledby="labs">
      <h2 id="labs" className="shelf-title">
        {title}
      </h2>
      {labs.length === 0 ? (
        <div className="rows rows-none">
          <p>No lab fits this search.</p>
          <Button onPress={onClear}>Show all labs</Button>
        </div>
      ) : grouped ? (
        byTopic(labs).map(({ topic, labs: some }) => (
          <section key={topic} className="shelf-group" aria-labelledby={`topic-${topic}`}>
            <h3 id={`topic-${topic}`}>
              {topicTitle(topic)} <Progress labs={some} />
            </h3>
            <Rows labs={some} {...row} />
          </section>
        ))
      ) : (
        <Rows labs={labs} {...row} />
      )}
    </section>
  );
}

function Progress({ labs }: { readonly labs: readonly Lab[] }) {
  const { done, labs: count } = progressOf(labs);
  return <span className="shelf-count">{done === 0 ? count : `${done} of ${count} done`}</span>;
}

/** One lab to go on with, or to begin with. */
export function NextLab({ title, lab, ...row }: { readonly title: string; readonly lab: Lab } & RowProps) {
  return (
    <section className="shelf" aria-labelledby="next">
      <h2 id="next" className="shelf-title">
        {title}
      </h2>
      <ul className="rows">
        <LabRow lab={lab} next {...row} />
      </ul>
    </section>
  );
}

type RowProps = Pick<LabListProps, "open" | "due" | "starting" | "onStart">;

function Rows({ labs, ...row }: RowProps & { readonly labs: readonly Lab[] }) {
  return (
    <ul className="rows">
      {labs.map((lab) => (
        <LabRow key={lab.id} lab={lab} {...row} />
      ))}
    </ul>
  );
}

interface LabRowProps extends RowProps {
  readonly lab: Lab;
  /** Its Start is the obvious one, and it is in the list below once more. */
  readonly next?: boolean;
}

function LabRow({ lab, open, due = [], next = false, starting, onStart }: LabRowProps) {
  const assigned = due.find(({ kind, of }) => kind === "lab" && of === lab.id);
  const attempt = open.find(({ kind, of }) => kind === "lab" && of === lab.id);
  return (
    <li className="row row-lab">
      <div className="row-words">
        <span className="row-title">
          {lab.title}
          {assigned === undefined ? null : <span className="row-assigned">assigned</span>}
        </span>
        <span className="row-summary">{lab.summary}</span>
      </div>
      <span className="row-topics">{lab.topics.join(", ")}</span>
      <Level level={lab.level} />
      <span className="row-minutes">{lab.minutes} min</span>
      <Best lab={lab} />
      {assigned !== undefined ? (
        <StartAssigned work={assigned} label={`Start for the class: ${lab.title}`} look="plain" />
      ) : attempt === undefined ? (
        <Button
          look={next ? "primary" : "plain"}
          isDisabled={starting !== undefined}
          aria-label={next ? `Start next: ${lab.title}` : `Start ${lab.title}`}
          onPress={() => onStart(lab.id)}
        >
          {starting === lab.id ? "Starting…" : "Start"}
        </Button>
      ) : (
        <ButtonLink href={`/attempts/${attempt.id}`} aria-label={`Continue ${lab.title}`}>
          Continue
        </ButtonLink>
      )}
    </li>
  );
}

function Best({ lab }: { readonly lab: Lab }) {
  if (lab.best === null)
    return (
      <span className="row-best" data-none>
        <span className="only-read">not tried yet</span>
      </span>
    );
  return (
    <span className="row-best" data-done={isDone(lab) || undefined} title="Your best score">
      {isDone(lab) ? <Icon name="pass" size={14} /> : null}
      <span className="only-read">best score </span>
      {percentText(lab.best)}
    </span>
  );
}
