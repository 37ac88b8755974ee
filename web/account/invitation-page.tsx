import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import type { OfferedInvitation } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useDo, useMe } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { Button, ErrorNotice, Field, Loading, toast } from "../ui/index.ts";
import { useWelcome } from "./use-welcome.ts";
import "./account.css";

/** `/invitation#SECRET`: makes an account, or joins a class with the one there is. */
export function InvitationPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const offer = useQuery({ queryKey: ["invitation", token], queryFn: () => people.showInvitation(token) });
  const me = useMe().data;
  return (
    <Page title="Invitation">
      {offer.data !== undefined ? (
        me?.accounts === true && me.user !== null ? (
          <Join token={token} offer={offer.data} name={me.user.name} />
        ) : (
          <Accept token={token} offer={offer.data} />
        )
      ) : offer.error ? (
        <div className="account-alone">
          <h1>Invitation</h1>
          <ErrorNotice error={offer.error} />
        </div>
      ) : (
        <Loading what="the invitation" />
      )}
    </Page>
  );
}

interface OfferProps {
  readonly token: string;
  readonly offer: OfferedInvitation;
}

function Accept({ token, offer }: OfferProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [, navigate] = useLocation();
  const welcome = useWelcome();
  const accept = useDo(people.accept);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    accept.mutate(
      { token, name, password },
      {
        onSuccess: (me) => {
          welcome(me);
          navigate("/", { replace: true });
        },
      },
    );
  };
  return (
    <form className="account-alone" onSubmit={send}>
      <h1>Make your account</h1>
      <p className="account-more">
        {offer.class === null ? `You are invited as ${offer.role}.` : `You are invited to the class ${offer.class}.`}
      </p>
      {accept.error ? <ErrorNotice error={accept.error} /> : null}
      <Field
        label="Name"
        name="username"
        autoComplete="username"
        isRequired
        value={name}
        onChange={setName}
        help="You sign in with it, and who teaches sees it."
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        isRequired
        value={password}
        onChange={setPassword}
        help="At least 10 characters."
      />
      <Button type="submit" look="primary" isPending={accept.isPending}>
        Make the account
      </Button>
    </form>
  );
}

function Join({ token, offer, name }: OfferProps & { readonly name: string }) {
  const [, navigate] = useLocation();
  const join = useDo(people.join, peopleKeys.assigned);
  const send = (): void =>
    join.mutate(token, {
      onSuccess: () => {
        toast({ kind: "pass", title: `You are in the class ${offer.class}.` });
        navigate("/", { replace: true });
      },
    });
  return (
    <div className="account-alone">
      <h1>Invitation</h1>
      {join.error ? <ErrorNotice error={join.error} /> : null}
      {offer.class === null ? (
        <p>You are signed in as {name}. This invitation is for somebody who has no account yet.</p>
      ) : (
        <>
          <p>
            You are signed in as {name}, and invited to the class {offer.class}.
          </p>
          <Button look="primary" isPending={join.isPending} onPress={send}>
            Join the class
          </Button>
        </>
      )}
    </div>
  );
}
