import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { AccountSession } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useDo, useUser } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { agoText, Button, ErrorNotice, Field, Loading, toast, toastError } from "../ui/index.ts";
import { agentText } from "./agent.ts";
import "./account.css";

/** One's own account: where one is signed in, and the password. */
export function AccountPage() {
  const user = useUser();
  return (
    <Page title="My account">
      <div className="account">
        <div>
          <h1>{user?.name ?? "My account"}</h1>
          <p className="account-more">You are {user?.role === "learner" ? "a learner" : `an ${user?.role}`} here.</p>
        </div>
        <Sessions />
        <Password />
      </div>
    </Page>
  );
}

function Sessions() {
  const list = useQuery({ queryKey: peopleKeys.sessions, queryFn: ({ signal }) => people.sessions(signal) });
  const end = useDo(people.endSession, peopleKeys.sessions);
  const now = Date.now();
  return (
    <section className="account-part" aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data === undefined ? (
        list.error ? null : (
          <Loading what="your sessions" />
        )
      ) : (
        <ul className="account-rows">
          {list.data.sessions.map((session) => (
            <li key={session.id}>
              <span className="account-row-words">
                <span>{agentText(session.agent)}</span>
                <span className="account-more">{whenText(session, now)}</span>
              </span>
              {session.current ? (
                <span className="account-more">this one</span>
              ) : (
                <Button size="small" onPress={() => end.mutate(session.id, { onError: toastError })}>
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function whenText({ createdAt, seenAt }: AccountSession, now: number): string {
  return `since ${agoText(now - createdAt)}, last used ${agoText(now - seenAt)}`.replace("since just now", "just now");
}

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const change = useDo(people.changePassword, peopleKeys.sessions);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(
      { old, new: next },
      {
        onSuccess: () => {
          setOld("");
          setNext("");
          toast({ kind: "pass", title: "Your password is changed.", more: "All other sessions have ended." });
        },
      },
    );
  };
  return (
    <form className="account-part account-form" aria-labelledby="password" onSubmit={send}>
      <h2 id="password">Password</h2>
      {change.error ? <ErrorNotice error={change.error} /> : null}
      <Field
        label="Old password"
        type="password"
        autoComplete="current-password"
        isRequired
        value={old}
        onChange={setOld}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        isRequired
        value={next}
        onChange={setNext}
        help="At least 10 characters. All your other sessions end."
      />
      <Button type="submit" isPending={change.isPending}>
        Change the password
      </Button>
    </form>
  );
}
