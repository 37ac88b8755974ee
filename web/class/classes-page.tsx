import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import { people, peopleKeys, useDo, useMe } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { Button, ButtonLink, ErrorNotice, Field, Loading, Notice, toastError } from "../ui/index.ts";
import "./class.css";

/** The classes that one leads; for an admin all. */
export function ClassesPage() {
  const me = useMe().data;
  const accounts = me?.accounts;
  const list = useQuery({ queryKey: peopleKeys.classes, queryFn: ({ signal }) => people.classes(signal) });
  return (
    <Page title="Classes">
      <div className="class">
        <h1>Classes</h1>
        {accounts === false ? (
          <Notice
            kind="info"
            title="Learners of a class sign in, and there are no accounts yet."
            action={<ButtonLink href="/accounts">Accounts</ButtonLink>}
          >
            Make yourself an account first; then learners join a class by a link.
          </Notice>
        ) : null}
        {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.data === undefined ? (
          list.error ? null : (
            <Loading what="the classes" />
          )
        ) : (
          <>
            {list.data.classes.length === 0 ? (
              <p className="class-more">
                {me?.user?.role === "instructor" ? "You lead no class yet. " : ""}A class has learners, who join by a
                link, and labs or exams that you assign to them. You see how each of them gets on, and what they had
                trouble with.
              </p>
            ) : (
              <ul className="class-rows">
                {list.data.classes.map(({ id, name, learners, assignments }) => (
                  <li key={id}>
                    <span className="class-row-words">
                      <span className="class-row-title">{name}</span>
                      <span className="class-more">
                        {counted(learners, "learner")}, {counted(assignments, "assignment")}
                      </span>
                    </span>
                    <ButtonLink href={`/classes/${id}`} aria-label={`Open ${name}`}>
                      Open
                    </ButtonLink>
                  </li>
                ))}
              </ul>
            )}
            <NewClass />
          </>
        )}
      </div>
    </Page>
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function NewClass() {
  const [name, setName] = useState("");
  const [, navigate] = useLocation();
  const add = useDo(people.addClass, peopleKeys.classes);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(name, { onSuccess: ({ id }) => navigate(`/classes/${id}`), onError: toastError });
  };
  return (
    <form className="class-line" onSubmit={send}>
      <Field label="New class" isRequired value={name} onChange={setName} />
      <Button type="submit" isPending={add.isPending}>
        Make the class
      </Button>
    </form>
  );
}
