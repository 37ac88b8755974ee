import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Account, Invitation, Role } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys, useDo, useMe } from "../api/index.ts";
import { Page } from "../app/index.ts";
import {
  Button,
  Choice,
  Copyable,
  Dialog,
  ErrorNotice,
  Field,
  Loading,
  Notice,
  toast,
  toastError,
} from "../ui/index.ts";
import "./account.css";

const ROLE_NAMES: Readonly<Record<Role, string>> = { learner: "Learner", instructor: "Instructor", admin: "Admin" };

function RoleOptions() {
  return Object.entries(ROLE_NAMES).map(([role, name]) => (
    <option key={role} value={role}>
      {name}
    </option>
  ));
}

/** Everybody's accounts, for admins. */
export function AccountsPage() {
  const me = useMe().data;
  const list = useQuery({ queryKey: peopleKeys.accounts, queryFn: ({ signal }) => people.accounts(signal) });
  const [adding, setAdding] = useState(false);
  return (
    <Page title="Accounts">
      <div className="account account-wide">
        <div className="account-head">
          <h1>Accounts</h1>
          <Button look="primary" onPress={() => setAdding(true)}>
            Make an account
          </Button>
        </div>
        {list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.data === undefined ? (
          list.error ? null : (
            <Loading what="the accounts" />
          )
        ) : list.data.accounts.length === 0 ? (
          <Notice kind="info" title="There are no accounts: whoever sits at this machine may do everything.">
            Make your own first, as an admin. From then on everybody has to sign in, and you can invite others. What was
            done here before is yours then; open windows ask you to sign in, and nothing in them is lost.
          </Notice>
        ) : (
          <ul className="account-rows">
            {list.data.accounts.map((account) => (
              <AccountRow key={account.id} account={account} mine={account.id === me?.user?.id} />
            ))}
          </ul>
        )}
        {me?.accounts === true ? <Invitations /> : null}
        <NewAccountDialog open={adding} first={me?.accounts === false} onClose={() => setAdding(false)} />
      </div>
    </Page>
  );
}

function AccountRow({ account, mine }: { readonly account: Account; readonly mine: boolean }) {
  const { id, name, role, createdAt } = account;
  const [asking, setAsking] = useState<"password" | "remove">();
  const setRole = useDo((next: Role) => people.setRole(id, next), peopleKeys.accounts, peopleKeys.me);
  const remove = useDo(() => people.removeAccount(id), peopleKeys.accounts, peopleKeys.me);
  return (
    <li>
      <span className="account-row-words">
        <span>
          {name}
          {mine ? <span className="account-more"> (you)</span> : null}
        </span>
        <span className="account-more">since {dayText(createdAt)}</span>
      </span>
      <Choice
        label={`Role of ${name}`}
        quiet
        value={role}
        isDisabled={setRole.isPending}
        onChange={(next) => setRole.mutate(next as Role, { onError: toastError })}
      >
        <RoleOptions />
      </Choice>
      <Button size="small" aria-label={`New password for ${name}`} onPress={() => setAsking("password")}>
        Password
      </Button>
      <Button size="small" aria-label={`Remove ${name}`} onPress={() => setAsking("remove")}>
        Remove
      </Button>
      <PasswordDialog account={account} open={asking === "password"} onClose={() => setAsking(undefined)} />
      <Dialog
        title={`Remove ${name}?`}
        role="alertdialog"
        open={asking === "remove"}
        onClose={() => setAsking(undefined)}
        actions={
          <>
            <Button onPress={() => setAsking(undefined)}>Keep</Button>
            <Button
              look="primary"
              isPending={remove.isPending}
              onPress={() => remove.mutate(undefined, { onError: toastError, onSettled: () => setAsking(undefined) })}
            >
              Remove
            </Button>
          </>
        }
      >
        <p>The account is signed out and leaves its classes. Its attempts and results stay and can be read.</p>
      </Dialog>
    </li>
  );
}

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

function PasswordDialog({ account, open, onClose }: DialogProps & { readonly account: Account }) {
  const [password, setPassword] = useState("");
  const set = useDo((next: string) => people.setPassword(account.id, next));
  const close = (): void => {
    setPassword("");
    set.reset();
    onClose();
  };
  const send = (): void =>
    set.mutate(password, {
      onSuccess: () => {
        toast({ kind: "pass", title: `${account.name} has another password, and is signed out.` });
        close();
      },
    });
  return (
    <Dialog
      title={`New password for ${account.name}`}
      open={open}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button look="primary" isPending={set.isPending} onPress={send}>
            Set it
          </Button>
        </>
      }
    >
      {set.error ? <ErrorNotice error={set.error} /> : null}
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        help="At least 10 characters. The account is signed out everywhere."
      />
    </Dialog>
  );
}

function NewAccountDialog({ open, first, onClose }: DialogProps & { readonly first: boolean }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("learner");
  const add = useDo(people.addAccount, peopleKeys.accounts, peopleKeys.me);
  const close = (): void => {
    setName("");
    setPassword("");
    add.reset();
    onClose();
  };
  return (
    <Dialog
      title="Make an account"
      open={open}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button
            look="primary"
            isPending={add.isPending}
            onPress={() => add.mutate({ name, password, role: first ? "admin" : role }, { onSuccess: close })}
          >
            Make it
          </Button>
        </>
      }
    >
      {add.error ? <ErrorNotice error={add.error} /> : null}
      {first ? <p>The first account is an admin&rsquo;s. You sign in with it right afterwards.</p> : null}
      <Field label="Name" autoComplete="off" value={name} onChange={setName} />
      <Field
        label="Password"
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        help="At least 10 characters."
      />
      {first ? null : (
        <Choice label="Role" value={role} onChange={(next) => setRole(next as Role)}>
          <RoleOptions />
        </Choice>
      )}
    </Dialog>
  );
}

function Invitations() {
  const list = useQuery({ queryKey: peopleKeys.invitations, queryFn: ({ signal }) => people.invitations(signal) });
  const [role, setRole] = useState<Role>("instructor");
  const invite = useDo(people.invite, peopleKeys.invitations);
  return (
    <section className="account-part" aria-labelledby="invitations">
      <h2 id="invitations">Invitations</h2>
      <div className="account-invite">
        <Choice label="Invite as" value={role} onChange={(next) => setRole(next as Role)}>
          <RoleOptions />
        </Choice>
        <Button
          isPending={invite.isPending}
          onPress={() => invite.mutate({ role, uses: 1, days: 7 }, { onError: toastError })}
        >
          Make a link
        </Button>
      </div>
      {invite.data === undefined ? null : (
        <Notice kind="info" title="Send this link. It works once, for 7 days, and is not shown again.">
          <Copyable text={invite.data.link} look="line" />
        </Notice>
      )}
      <ul className="account-rows">
        {list.data?.invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const { id, role, uses, left, expiresAt } = invitation;
  const remove = useDo(() => people.removeInvitation(id), peopleKeys.invitations);
  return (
    <li>
      <span className="account-row-words">
        <span>
          {ROLE_NAMES[role]}
          {invitation.class === null ? null : `, class ${invitation.class.name}`}
        </span>
        <span className="account-more">
          {left} of {uses} left, until {dayText(expiresAt)}
        </span>
      </span>
      <Button size="small" onPress={() => remove.mutate(undefined, { onError: toastError })}>
        Take back
      </Button>
    </li>
  );
}

/** `22 Nov 2026`, as dates are everywhere here. */
function dayText(at: number): string {
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}
