import type { AttemptSummary } from "../../server/sessions/protocol/index.ts";
import { Button, ButtonLink, Icon, Level, percentText } from "../ui/index.ts";
import { isDone, type Lab } from "./topics.ts";

export interface LabListProps {
  readonly title: string;
  readonly labs: readonly Lab[];
  readonly open: readonly AttemptSummary[];
  /** The lab whose Start is the obvious one. */
  readonly next: string | undefined;
  readonly starting: string | undefined;
  readonly onStart: (id: string) => void;
  readonly onClear: () => void;
}

export function LabList({ title, labs, onClear, ...row }: LabListProps) {
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
      ) : (
        <ul className="rows">
          {labs.map((lab) => (
            <LabRow key={lab.id} lab={lab} {...row} />
          ))}
        </ul>
      )}
    </section>
  );
}

type LabRowProps = Pick<LabListProps, "open" | "next" | "starting" | "onStart"> & { readonly lab: Lab };

function LabRow({ lab, open, next, starting, onStart }: LabRowProps) {
  const attempt = open.find(({ kind, of }) => kind === "lab" && of === lab.id);
  return (
    <li className="row row-lab">
      <div className="row-words">
        <span className="row-title">{lab.title}</span>
        <span className="row-summary">{lab.summary}</span>
      </div>
      <span className="row-topics">{lab.topics.join(", ")}</span>
      <Level level={lab.level} />
      <span className="row-minutes">{lab.minutes} min</span>
      <Best lab={lab} />
      {attempt === undefined ? (
        <Button
          look={lab.id === next ? "primary" : "plain"}
          isDisabled={starting !== undefined}
          aria-label={`Start ${lab.title}`}
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
