import { useState } from "react";
import { people, peopleKeys, useCatalogue, useDo } from "../api/index.ts";
import { Button, Choice, Dialog, ErrorNotice, Field } from "../ui/index.ts";
import { fromLocalInput, localInput, zoneText } from "./days.ts";

export interface AssignDialogProps {
  readonly id: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Assigns a lab or an exam, with a window and perhaps a limit of time. */
export function AssignDialog({ id, open, onClose }: AssignDialogProps) {
  return (
    <Dialog title="Assign a lab or an exam" open={open} onClose={onClose}>
      {open ? <AssignForm id={id} onClose={onClose} /> : null}
    </Dialog>
  );
}

function AssignForm({ id, onClose }: Omit<AssignDialogProps, "open">) {
  const { data: catalogue } = useCatalogue();
  const [chosen, setChosen] = useState("");
  const [opens, setOpens] = useState(() => localInput(Date.now()));
  const [closes, setCloses] = useState("");
  const [minutes, setMinutes] = useState("");
  const assign = useDo((body: Parameters<typeof people.assign>[1]) => people.assign(id, body), peopleKeys.class(id));
  const [kind, of = ""] = chosen.split("/");
  const send = (): void =>
    assign.mutate(
      {
        kind: kind === "exam" ? "exam" : "lab",
        of,
        opensAt: fromLocalInput(opens) ?? Date.now(),
        closesAt: fromLocalInput(closes),
        minutes: minutes === "" ? null : Number(minutes),
      },
      { onSuccess: onClose },
    );
  return (
    <>
      {assign.error ? <ErrorNotice error={assign.error} /> : null}
      <Choice label="What" value={chosen} onChange={setChosen}>
        <option value="">Choose…</option>
        <optgroup label="Exams">
          {catalogue?.exams.map(({ id: exam, title }) => (
            <option key={exam} value={`exam/${exam}`}>
              {title}
            </option>
          ))}
        </optgroup>
        <optgroup label="Labs">
          {catalogue?.labs.map(({ id: lab, title }) => (
            <option key={lab} value={`lab/${lab}`}>
              {title}
            </option>
          ))}
        </optgroup>
      </Choice>
      <div className="class-pair">
        <Field label="Opens" type="datetime-local" value={opens} onChange={setOpens} />
        <Field label="Closes" type="datetime-local" value={closes} onChange={setCloses} help="Empty: never." />
      </div>
      <p className="class-more">
        These times are in your zone ({zoneText(fromLocalInput(opens) ?? Date.now())}). Everybody reads them in their
        own.
      </p>
      <Field
        label="Minutes"
        type="number"
        min="1"
        max="10000"
        value={minutes}
        onChange={setMinutes}
        help="Empty: as the exam says; a lab has no limit."
      />
      <div className="dialog-actions">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="primary" isDisabled={of === ""} isPending={assign.isPending} onPress={send}>
          Assign
        </Button>
      </div>
    </>
  );
}
