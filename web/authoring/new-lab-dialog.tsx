import { useState } from "react";
import { useLocation } from "wouter";
import type { AuthoredKind } from "../../server/sessions/protocol/index.ts";
import { Button, Dialog, ErrorNotice } from "../ui/index.ts";
import { authoringApi } from "./authoring-api.ts";
import { keepDraft, renamedLab } from "./drafts/drafts.ts";
import { WordField } from "./word-field.tsx";

export interface NewLabDialogProps {
  /** The lab that is copied; a small one that is complete if there is none. */
  readonly from: string | undefined;
  readonly of: AuthoredKind;
  /** Names that are in use. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** Asks what a new lab shall be called, and begins its draft. */
export function NewLabDialog({ from, of, taken, onClose }: NewLabDialogProps) {
  const [, navigate] = useLocation();
  const [fromTopic, fromId] = from?.split("/") ?? [];
  const [topic, setTopic] = useState(fromTopic ?? (of === "exam" ? "exams" : "services"));
  const [id, setId] = useState(fromId === undefined ? "" : `${fromId}-copy`);
  const [making, setMaking] = useState(false);
  const [error, setError] = useState<unknown>();
  const name = `${topic}/${id}`;
  const problem = id === "" ? undefined : nameProblem(id, taken);
  const topicProblem = WORD.test(topic) ? undefined : WORDS;
  const fits = id !== "" && problem === undefined && topicProblem === undefined;
  const make = async (): Promise<void> => {
    setMaking(true);
    try {
      const { files } = from === undefined ? await authoringApi.template(of, name) : await authoringApi.lab(from);
      const draft = { files: renamedLab(files, id), base: null, at: Date.now() };
      if (keepDraft(localStorage, name, draft)) return navigate(`/authoring/${name}`);
      setError(new Error("full"));
    } catch (thrown) {
      setError(thrown);
    }
    setMaking(false);
  };
  return (
    <Dialog title={from === undefined ? `New ${of}` : `Copy ${from}`} open onClose={onClose}>
      <form
        className="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits && !making) void make();
        }}
      >
        <WordField
          label={of === "exam" ? "Folder" : "Topic"}
          value={topic}
          onChange={setTopic}
          problem={topicProblem}
          suggestions={[...new Set(taken.map((each) => each.split("/")[0]!))]}
        >
          The folder that it stands in.
        </WordField>
        <WordField label="Name" value={id} onChange={setId} problem={problem} autoFocus>
          Learners see its title; this is its id: <code>lost-endpoints</code>.
        </WordField>
        {error === undefined ? null : <ErrorNotice error={error} />}
        <div className="dialog-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isDisabled={!fits || making}>
            {making ? "Beginning…" : "Begin"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const WORD = /^[a-z][a-z0-9-]{0,62}$/;
const WORDS = "Lower-case words joined by -.";

function nameProblem(id: string, taken: readonly string[]): string | undefined {
  if (!WORD.test(id)) return WORDS;
  const other = taken.find((each) => each.split("/")[1] === id);
  return other === undefined ? undefined : `There is ${other} already, and two labs cannot have the same id.`;
}
