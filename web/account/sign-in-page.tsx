import { useState, type FormEvent } from "react";
import { people, useDo } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { Button, ErrorNotice, Field, Notice } from "../ui/index.ts";
import { useWelcome } from "./use-welcome.ts";
import "./account.css";

/** In the place of whatever page was asked for, which is shown then. `again`: somebody worked here until now. */
export function SignInPage({ again }: { readonly again: boolean }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const welcome = useWelcome();
  const signIn = useDo(people.signIn);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate({ name, password }, { onSuccess: welcome, onError: () => setPassword("") });
  };
  return (
    <Page title="Sign in">
      <form className="account-alone" onSubmit={send}>
        <h1>Sign in</h1>
        {again ? (
          <Notice kind="info" title="You are signed out, or this server has accounts now.">
            Your clusters and clocks go on. What you wrote and was not stored yet is kept in this browser, and stored
            when you sign in again.
          </Notice>
        ) : null}
        {signIn.error ? <ErrorNotice error={signIn.error} /> : null}
        <Field
          label="Name"
          name="username"
          autoComplete="username"
          autoFocus
          isRequired
          value={name}
          onChange={setName}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" look="primary" isPending={signIn.isPending}>
          {signIn.isPending ? "Signing in…" : "Sign in"}
        </Button>
        <p className="account-more">
          No account? Whoever runs this server, or teaches your class, can send you an invitation link. Forgotten your
          password? An admin can give you another one.
        </p>
      </form>
    </Page>
  );
}
