import { useState } from "react";
import { useLocation } from "wouter";
import type { ClassView, Learner } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useDo, useUser } from "../api/index.ts";
import { Button, Choice, toastError } from "../ui/index.ts";

/** Who leads a class, and letting others lead it as well. */
export function Instructors({ view: { id, instructors, teachers } }: { readonly view: ClassView }) {
  const [chosen, setChosen] = useState("");
  const add = useDo((account: string) => people.addInstructor(id, account), peopleKeys.class(id));
  return (
    <section className="class-part" aria-labelledby="instructors">
      <h2 id="instructors">Instructors</h2>
      <p className="class-more">They see this class and the attempts that are made for it. Admins see every class.</p>
      {instructors.length === 0 ? null : (
        <ul className="class-rows">
          {instructors.map((instructor) => (
            <InstructorRow key={instructor.id} of={id} instructor={instructor} only={instructors.length === 1} />
          ))}
        </ul>
      )}
      {teachers.length === 0 ? (
        <p className="class-more">Nobody else teaches on this server: an admin can invite instructors.</p>
      ) : (
        <div className="class-line">
          <Choice label="Another instructor" value={chosen} onChange={setChosen}>
            <option value="">Choose…</option>
            {teachers.map((teacher) => (
              <option key={teacher.id} value={teacher.id}>
                {teacher.name}
              </option>
            ))}
          </Choice>
          <Button
            isDisabled={chosen === ""}
            isPending={add.isPending}
            onPress={() => add.mutate(chosen, { onSuccess: () => setChosen(""), onError: toastError })}
          >
            Add
          </Button>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  readonly of: string;
  readonly instructor: Learner;
  readonly only: boolean;
}

function InstructorRow({ of, instructor: { id, name }, only }: RowProps) {
  const me = useUser();
  const [, navigate] = useLocation();
  const remove = useDo(() => people.removeInstructor(of, id), peopleKeys.classes);
  const mine = me?.id === id;
  const removed = (): void => {
    if (mine && me.role !== "admin") navigate("/classes");
  };
  return (
    <li>
      <span className="class-row-words">
        {name}
        {mine ? " (you)" : ""}
      </span>
      {only ? null : (
        <Button
          size="small"
          isPending={remove.isPending}
          aria-label={mine ? "Leave the class" : `Take ${name} out as an instructor`}
          onPress={() => remove.mutate(undefined, { onSuccess: removed, onError: toastError })}
        >
          {mine ? "Leave" : "Take out"}
        </Button>
      )}
    </li>
  );
}
