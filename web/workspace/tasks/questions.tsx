import { useId } from "react";
import type { TaskView } from "../../../server/sessions/protocol/index.ts";
import { Markdown } from "../../markdown/index.ts";
import { pointsText } from "../../ui/index.ts";
import type { Kept } from "../kept/index.ts";
import { SavedMark } from "./saved-mark.tsx";
import { useKept } from "./use-kept.ts";

type Question = TaskView["questions"][number];

export interface QuestionsProps {
  readonly questions: readonly Question[];
  readonly kept: (question: Question) => Kept;
  /** Nothing can be answered any more. */
  readonly over: boolean;
}

/** A task's questions, saved while they are answered. */
export function Questions({ questions, kept, over }: QuestionsProps) {
  return (
    <ol className="questions">
      {questions.map((question) => (
        <li key={question.id}>
          <QuestionField question={question} kept={kept(question)} over={over} />
        </li>
      ))}
    </ol>
  );
}

function QuestionField({ question, kept, over }: { question: Question; kept: Kept; over: boolean }) {
  const text = useKept(kept);
  const name = useId();
  const head = (
    <>
      <Markdown text={question.ask} className="question-ask" />
      <span className="question-points">{pointsText(question.points)} p</span>
    </>
  );
  if (question.kind === "choice")
    return (
      <fieldset className="question" disabled={over}>
        <legend className="question-head">{head}</legend>
        {(question.choices ?? []).map((choice) => (
          <label key={choice} className="question-choice">
            <input
              type="radio"
              name={name}
              checked={text.value === choice}
              onChange={() => {
                kept.write(choice);
                kept.flush();
              }}
            />
            <span>{choice}</span>
          </label>
        ))}
        <SavedMark text={text} />
      </fieldset>
    );
  return (
    <div className="question">
      <div className="question-head" id={`${name}ask`}>
        {head}
      </div>
      <input
        className="field mono"
        aria-labelledby={`${name}ask`}
        aria-describedby={`${name}saved`}
        {...INPUTS[question.kind]}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        disabled={over}
        value={text.value}
        onChange={({ target }) => kept.write(target.value)}
        onBlur={() => kept.flush()}
      />
      <span id={`${name}saved`}>
        <SavedMark text={text} />
      </span>
    </div>
  );
}

/** How each kind of answer is typed; the server judges it, so nothing is refused here. */
const INPUTS = {
  text: { inputMode: "text", placeholder: "" },
  number: { inputMode: "numeric", placeholder: "a number" },
  address: { inputMode: "text", placeholder: "an address" },
  mac: { inputMode: "text", placeholder: "a MAC address" },
} as const;
