import { useEffect, useState } from "react";
import type { ExamPreview, LabSummary, Level } from "../../../server/sessions/protocol/index.ts";
import { useCatalogue } from "../../api/index.ts";
import { Button, Choice, Field, Icon } from "../../ui/index.ts";
import { planOf, spread, withNumber, withPlan, type Draw, type Plan } from "./plan.ts";
import "./exam.css";

export interface BlueprintProps {
  /** Undefined while it cannot be read. */
  readonly exam: ExamPreview | undefined;
  /** Of exam.yaml. */
  readonly text: string;
  readonly onText: (text: string) => void;
}

const LEVELS: readonly Level[] = ["easy", "medium", "hard"];

/** What an exam consists of, as rows to fill in: they are written into exam.yaml at once. */
export function Blueprint({ exam, text, onText }: BlueprintProps) {
  const { data: catalogue } = useCatalogue();
  const labs = catalogue?.labs ?? [];
  const [written, setWritten] = useState<Plan>();
  const [count, setCount] = useState("16");
  const read = exam === undefined ? undefined : planOf(exam);
  // Until the server has read what was written here, this is newer.
  const arrived = written !== undefined && JSON.stringify(read) === JSON.stringify(written);
  useEffect(() => {
    if (arrived) setWritten(undefined);
  }, [arrived]);
  const plan = written ?? read;
  if (plan === undefined)
    return <p className="panel-words">Rows can be shown when exam.yaml can be read: look at its problems.</p>;
  const write = (next: Plan): void => {
    setWritten(next);
    onText(withPlan(text, next));
  };
  const number = (key: "minutes" | "pass", value: string): void => {
    if (Number(value) > 0) onText(withNumber(text, key, Number(value)));
  };
  const topics = [...new Set(labs.flatMap((lab) => lab.topics))].toSorted();
  const unused = labs.filter(({ id }) => !plan.tasks.some(({ lab }) => lab === id));
  return (
    <div className="exam-panel">
      {exam ? (
        <div className="exam-row">
          <Numbered label="Minutes" value={exam.minutes} onChange={(value) => number("minutes", value)} />
          <Numbered label="Pass line in %" value={exam.pass} onChange={(value) => number("pass", value)} />
        </div>
      ) : null}
      <h2>In every attempt</h2>
      {plan.tasks.map(({ lab, weight }, at) => (
        <div className="exam-row" key={lab} role="group" aria-label={`Task ${at + 1}`}>
          <LabChoice
            labs={labs.filter(({ id }) => id === lab || unused.some((each) => each.id === id))}
            value={lab}
            onChange={(next) => write({ ...plan, tasks: plan.tasks.with(at, { lab: next, weight }) })}
          />
          <Numbered
            label="Weight"
            value={weight}
            onChange={(value) => {
              if (Number(value) > 0) write({ ...plan, tasks: plan.tasks.with(at, { lab, weight: Number(value) }) });
            }}
          />
          <RemoveButton
            what={`task ${at + 1}`}
            onPress={() => write({ ...plan, tasks: plan.tasks.toSpliced(at, 1) })}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          isDisabled={unused.length === 0}
          onPress={() => write({ ...plan, tasks: [...plan.tasks, { lab: unused[0]!.id, weight: unused[0]!.minutes }] })}
        >
          Add a lab
        </Button>
      </div>
      <h2>Drawn for each attempt</h2>
      {plan.draw.map((draw, at) => (
        // Rows have no names of their own.
        <DrawRow
          key={at}
          number={at + 1}
          draw={draw}
          topics={topics}
          fits={written === undefined ? exam?.draw[at]?.fits : undefined}
          onChange={(next) => write({ ...plan, draw: plan.draw.with(at, next) })}
          onRemove={() => write({ ...plan, draw: plan.draw.toSpliced(at, 1) })}
        />
      ))}
      <div className="exam-row">
        <Button
          size="small"
          isDisabled={topics.length === 0}
          onPress={() =>
            write({ ...plan, draw: [...plan.draw, { topics: [topics[0]!], level: null, count: 1, weight: 5 }] })
          }
        >
          Add a draw
        </Button>
      </div>
      <div className="exam-row exam-spread">
        <Field label="Tasks to draw" type="number" min="1" max="60" value={count} onChange={setCount} />
        <Button
          isDisabled={labs.length === 0 || !(Number(count) >= 1)}
          onPress={() => write({ ...plan, draw: spread(labs, Math.floor(Number(count))) })}
        >
          Spread over all topics
        </Button>
      </div>
      <p className="panel-words">
        Replaces the draws: each topic gets as many tasks as its part of the labs is, weighted by how long they take.
      </p>
    </div>
  );
}

interface DrawRowProps {
  readonly number: number;
  readonly draw: Draw;
  readonly topics: readonly string[];
  readonly fits: number | undefined;
  readonly onChange: (draw: Draw) => void;
  readonly onRemove: () => void;
}

function DrawRow({ number, draw, topics, fits, onChange, onRemove }: DrawRowProps) {
  const several = draw.topics.join(", ");
  return (
    <div className="exam-row" role="group" aria-label={`Draw ${number}`}>
      <Choice label="Topic" value={several} onChange={(topic) => onChange({ ...draw, topics: topic.split(", ") })}>
        {topics.includes(several) ? null : <option value={several}>{several}</option>}
        {topics.map((topic) => (
          <option key={topic} value={topic}>
            {topic}
          </option>
        ))}
      </Choice>
      <Choice
        label="Level"
        value={draw.level ?? ""}
        onChange={(level) => onChange({ ...draw, level: LEVELS.find((each) => each === level) ?? null })}
      >
        <option value="">any</option>
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {level}
          </option>
        ))}
      </Choice>
      <Numbered
        label="Tasks"
        value={draw.count}
        onChange={(value) => {
          if (Number(value) >= 1) onChange({ ...draw, count: Math.floor(Number(value)) });
        }}
      />
      <Numbered
        label="Weight of each"
        value={draw.weight}
        onChange={(value) => {
          if (Number(value) > 0) onChange({ ...draw, weight: Number(value) });
        }}
      />
      <RemoveButton what={`draw ${number}`} onPress={onRemove} />
      <span className="exam-fits">{fits === undefined ? "" : `of ${fits} ${fits === 1 ? "lab" : "labs"}`}</span>
    </div>
  );
}

interface LabChoiceProps {
  readonly labs: readonly LabSummary[];
  readonly value: string;
  readonly onChange: (lab: string) => void;
}

function LabChoice({ labs, value, onChange }: LabChoiceProps) {
  return (
    <Choice label="Lab" value={value} onChange={onChange}>
      {labs.some(({ id }) => id === value) ? null : <option value={value}>{value}</option>}
      {labs.map(({ id, title, level }) => (
        <option key={id} value={id}>
          {title} ({level})
        </option>
      ))}
    </Choice>
  );
}

interface NumberedProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: string) => void;
}

/** A number that can be empty while it is typed. */
function Numbered({ label, value, onChange }: NumberedProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <Field
      label={label}
      type="number"
      min="1"
      value={typed ?? String(value)}
      onChange={(text) => {
        setTyped(text);
        onChange(text);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

function RemoveButton({ what, onPress }: { readonly what: string; readonly onPress: () => void }) {
  return (
    <Button size="small" look="quiet" aria-label={`Remove ${what}`} onPress={onPress}>
      <Icon name="close" size={14} />
    </Button>
  );
}
