import { useEffect, useRef, useState } from "react";
import type { AttemptView } from "../../server/sessions/protocol/index.ts";
import { useAttempt, useManagement, useSignedOut } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { useTheme } from "../theme/index.ts";
import { agoText, Button, ButtonLink, ErrorNotice, Loading, Notice } from "../ui/index.ts";
import { Watched, type WatchedTerminal } from "./watched.ts";
import "./class.css";

/** What somebody sees in their attempt now, to be looked at only. */
export function WatchPage({ id }: { readonly id: string }) {
  const attempt = useAttempt(id);
  return (
    <Page title={attempt.data === undefined ? "Watch" : `Watch ${attempt.data.title}`}>
      {attempt.data !== undefined ? (
        <Watch view={attempt.data} changed={() => void attempt.refetch()} />
      ) : attempt.error ? (
        <div className="class">
          <h1 className="only-read">Watch</h1>
          <ErrorNotice error={attempt.error} onRetry={() => void attempt.refetch()} />
        </div>
      ) : (
        <Loading what="the attempt" />
      )}
    </Page>
  );
}

function named({ part, title }: AttemptView["parts"][number]): { readonly part: number; readonly name: string } {
  return { part, name: `${part + 1} ${title}` };
}

function Watch({ view, changed }: { readonly view: AttemptView; readonly changed: () => void }) {
  const { id, title, state, startedAt, now, base } = view;
  const learner = useManagement(id).data?.learner;
  // The base of an exam is where everything is typed.
  const parts = [...(base ? [{ part: base.part, name: base.host }] : []), ...view.parts.map(named)];
  const [part, setPart] = useState(parts[0]?.part ?? 0);
  return (
    <div className="class class-wide">
      <div className="class-head">
        <div>
          <h1>
            {title}
            {learner == null ? "" : `, ${learner}`}
          </h1>
          <p className="class-more">
            Started {agoText(now - startedAt)}. You look on; nothing that you do here reaches it.
          </p>
        </div>
        <div className="class-actions">
          <ButtonLink href={`/attempts/${id}/manage`}>{state === "open" ? "Time and pause" : "Manage"}</ButtonLink>
          {state === "graded" ? <ButtonLink href={`/attempts/${id}/result`}>Result</ButtonLink> : null}
        </div>
      </div>
      {parts.length > 1 ? (
        <div className="class-actions" role="group" aria-label="Labs">
          {parts.map((each) => (
            <Button
              key={each.part}
              size="small"
              look={each.part === part ? "plain" : "quiet"}
              aria-pressed={each.part === part}
              onPress={() => setPart(each.part)}
            >
              {each.name}
            </Button>
          ))}
        </div>
      ) : null}
      {state === "graded" ? (
        <Notice kind="info" title="This attempt is over: its terminals are closed." />
      ) : (
        <Terminals key={part} attempt={id} part={part} changed={changed} />
      )}
    </div>
  );
}

interface TerminalsProps {
  readonly attempt: string;
  readonly part: number;
  readonly changed: () => void;
}

function Terminals({ attempt, part, changed }: TerminalsProps) {
  const theme = useTheme();
  const [watched, setWatched] = useState<Watched>();
  const [, draw] = useState(0);
  const told = useRef(changed);
  told.current = changed;
  useEffect(() => {
    const watched = new Watched(
      attempt,
      part,
      theme,
      () => draw((count) => count + 1),
      () => told.current(),
    );
    setWatched(watched);
    return watched.start();
  }, [attempt, part, theme]);
  useSignedOut(watched?.state ?? { is: "connecting" });
  if (watched === undefined) return null;
  const { state, terminals } = watched;
  return (
    <>
      {state.is === "lost" ? <Notice kind="warn" title="The connection is gone; trying again." /> : null}
      {state.is === "refused" ? <Notice kind="warn" title={state.reason} /> : null}
      {state.is === "open" && terminals.length === 0 ? (
        <p className="class-more">No terminal is open in this lab.</p>
      ) : null}
      {terminals.map((row) => (
        <Terminal key={row.terminal} row={row} />
      ))}
    </>
  );
}

function Terminal({ row: { terminal, host, user, screen } }: { readonly row: WatchedTerminal }) {
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (pane.current) screen.mount(pane.current);
    return () => screen.unmount();
  }, [screen]);
  return (
    <section className="class-part" aria-label={`Terminal ${terminal} on ${host}`}>
      <h2 className="class-more">
        Terminal {terminal}: {user}@{host}
      </h2>
      <div className="class-terminal" ref={pane} />
    </section>
  );
}
