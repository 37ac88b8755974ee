import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Redirect } from "wouter";
import type { AttemptView } from "../../server/sessions/protocol/index.ts";
import { keys, useAttempt } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { useTheme } from "../theme/index.ts";
import { announce, ButtonLink, ErrorNotice, Loading, toast } from "../ui/index.ts";
import { Desk } from "./desk.ts";
import { memoryKey, recall } from "./kept/index.ts";
import { readWhere, Workspace } from "./workspace.tsx";

/** By the learner, in this window or another one, or by an instructor. */
const ENDED = "This attempt has ended, and is not graded.";

/** The part whose terminals will be shown, as far as is known before the attempt is read. */
function placeOf(view: AttemptView | undefined, id: string): number {
  const place = view?.base?.part ?? recall(memoryKey(id, "place"));
  return typeof place === "number" ? place : readWhere(recall(memoryKey(id, "where"))).part;
}

/** The page of an open attempt. Its line to the terminals opens while the attempt is still being read. */
export function WorkspacePage({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const theme = useTheme();
  const attempt = useAttempt(id);
  const [desk, setDesk] = useState<Desk>();
  const [wasOpen, setWasOpen] = useState(false);
  const view = attempt.data;

  useEffect(() => {
    const desk = new Desk(id, client, theme);
    desk.terminals.show(placeOf(client.getQueryData<AttemptView>(keys.attempt(id)), id));
    setDesk(desk);
    return desk.start();
    // The theme at the start; later ones are told below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id, client]);
  useEffect(() => desk?.setTheme(theme), [desk, theme]);
  // Before anything is drawn that reads it: a clock that is not set yet would warn of the end.
  useMemo(() => {
    if (view) desk?.clock.told(view.now, performance.now() - (Date.now() - attempt.dataUpdatedAt), 500);
  }, [desk, view, attempt.dataUpdatedAt]);
  useEffect(() => {
    if (view) desk?.texts.told(view);
  }, [desk, view]);
  const paused = view?.pausedAt !== undefined;
  useEffect(() => desk?.setPaused(paused), [desk, paused]);
  useEffect(() => {
    if (view?.state === "open") setWasOpen(true);
  }, [view?.state]);

  const ended = wasOpen && view?.state === "abandoned";
  useEffect(() => {
    if (!ended) return;
    announce(ENDED);
    toast({ kind: "info", title: ENDED });
  }, [ended]);

  if (view?.state === "graded" && !wasOpen) return <Redirect to={`/attempts/${id}/result`} replace />;
  if (view?.state === "abandoned") return <Redirect to="/" replace />;
  if (view && desk) return <Workspace desk={desk} view={view} />;
  return (
    <Page title="Workspace">
      {attempt.error ? (
        <div className="page-alone">
          <h1 className="only-read">Workspace</h1>
          <ErrorNotice error={attempt.error} onRetry={() => void attempt.refetch()} />
          <p className="page-alone-more">
            <ButtonLink href="/">Open the catalogue</ButtonLink>
          </p>
        </div>
      ) : (
        <Loading what="the attempt" />
      )}
    </Page>
  );
}
