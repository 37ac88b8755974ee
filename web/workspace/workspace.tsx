import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Group, Panel, type PanelImperativeHandle, Separator } from "react-resizable-panels";
import { useLocation } from "wouter";
import type { AttemptView } from "../../server/sessions/protocol/index.ts";
import { api, keys as queryKeys, useCheck, useSubmit } from "../api/index.ts";
import { SkipLink, useTitle } from "../app/index.ts";
import { terminalThemes, useTheme } from "../theme/index.ts";
import { announce, Button, Dialog, percentText, toastError } from "../ui/index.ts";
import { Banners } from "./bar/banners.tsx";
import { Bar } from "./bar/bar.tsx";
import { SubmitDialog } from "./bar/submit-dialog.tsx";
import type { Desk } from "./desk.ts";
import { memoryKey, recall, remember } from "./kept/index.ts";
import type { Command } from "./keys/keys.ts";
import { KeysDialog } from "./keys/keys-dialog.tsx";
import { goTo, goToNextRegion, useKeys } from "./keys/use-keys.ts";
import { numberedTasks, type NumberedTask } from "./tasks/tasks.ts";
import { TaskPane, type TaskTab } from "./tasks/task-pane.tsx";
import { TerminalArea } from "./terminals/terminal-area.tsx";
import "./workspace.css";

/** Where somebody was: kept by the browser, so that a reload changes nothing. */
interface Where {
  readonly part: number;
  readonly task: string;
  readonly tab: TaskTab;
  /** The task pane's width in percent; 0: folded away. */
  readonly width: number;
}

export function readWhere(kept: unknown): Where {
  const { part, task, tab, width } = (kept ?? {}) as Partial<Record<keyof Where, unknown>>;
  return {
    part: typeof part === "number" && part >= 0 ? part : 0,
    task: typeof task === "string" ? task : "",
    tab: typeof tab === "string" ? (tab as TaskTab) : "task",
    width: typeof width === "number" && width >= 0 && width <= 90 ? width : 36,
  };
}

/** An open attempt: what is to be done at the left, terminals at the right, time and tasks above. */
export function Workspace({ desk, view }: { readonly desk: Desk; readonly view: AttemptView }) {
  const [, navigate] = useLocation();
  const whereKey = memoryKey(view.id, "where");
  const [where, setWhere] = useState(() => readWhere(recall(whereKey)));
  const [dialog, setDialog] = useState<"submit" | "keys">();
  const narrow = useNarrow();
  const theme = useTheme();
  const panel = useRef<PanelImperativeHandle>(null);
  const over = view.state !== "open";

  const check = useCheck(view.id);
  const lastCheck = useQuery({
    queryKey: queryKeys.check(view.id),
    queryFn: ({ signal }) => api.lastCheck(view.id, signal),
    // Where nobody worked nobody checked.
    enabled: view.kind === "lab" && view.parts.some(({ touched }) => touched),
    staleTime: Infinity,
  }).data;
  const submit = useSubmit(view.id);
  const tasks = useMemo(() => numberedTasks(view, lastCheck), [view, lastCheck]);
  const current =
    tasks.find(({ part, task }) => part.part === where.part && task.id === where.task) ??
    tasks.find(({ part }) => part.part === where.part) ??
    tasks[0];
  const part = current?.part.part ?? 0;
  useTitle(`${view.title}${current && tasks.length > 1 ? `, task ${current.number}` : ""}`);

  useEffect(() => remember(whereKey, where), [whereKey, where]);
  useEffect(() => {
    desk.terminals.show(part);
    desk.focusTerminal(part);
  }, [desk, part]);

  const choose = useCallback(
    ({ part, task, number }: NumberedTask): void => {
      setWhere((where) => ({
        ...where,
        part: part.part,
        task: task.id,
        tab: where.tab === "notes" ? "notes" : "task",
      }));
      announce(`Task ${number}`);
    },
    [setWhere],
  );
  const obey = useCallback(
    (command: Command): void => {
      if ("go" in command) {
        if (command.go === "next-region") return goToNextRegion();
        if (command.go === "left" && panel.current?.isCollapsed()) panel.current.expand();
        return goTo(command.go);
      }
      if ("show" in command) return setDialog("keys");
      const task = tasks[command.task - 1];
      if (task) choose(task);
    },
    [tasks, choose],
  );
  useKeys(obey);
  const ended = useCallback(() => void api.attempt(view.id).catch(() => {}), [view.id]);

  const checkNow = (): void =>
    check.mutate(undefined, {
      onSuccess: (report) => {
        setWhere((where) => ({ ...where, tab: "check" }));
        announce(`Checked: ${percentText(report.percent)}`);
      },
      onError: toastError,
    });
  const submitNow = (): void => {
    desk.texts.flush();
    submit.mutate(undefined, {
      onSuccess: () => navigate(`/attempts/${view.id}/result`),
      onError: ({ code }) => {
        if (code === "already-submitted" || code === "not-open") navigate(`/attempts/${view.id}/result`);
      },
    });
  };

  const taskPane = current ? (
    <TaskPane
      desk={desk}
      view={view}
      current={current}
      count={tasks.length}
      tab={where.tab}
      onTab={(tab) => setWhere({ ...where, tab })}
      check={lastCheck}
      over={over}
    />
  ) : null;
  const terminals = <TerminalArea key={part} desk={desk} part={part} />;
  return (
    <div
      className="workspace"
      data-narrow={narrow || undefined}
      style={{ "--terminal-background": terminalThemes[theme].background } as CSSProperties}
    >
      <SkipLink to="main">Skip to the task</SkipLink>
      <Bar
        desk={desk}
        view={view}
        tasks={tasks}
        current={current?.key ?? ""}
        checking={check.isPending}
        over={over}
        onChoose={choose}
        onCheck={checkNow}
        onSubmit={() => {
          desk.texts.flush();
          submit.reset();
          setDialog("submit");
        }}
        onKeys={() => setDialog("keys")}
        onEnd={ended}
      />
      <Banners desk={desk} />
      <main id="main" tabIndex={-1} className="work">
        {narrow ? (
          <>
            {taskPane}
            {terminals}
          </>
        ) : (
          <Group
            id="workspace"
            orientation="horizontal"
            defaultLayout={{ task: where.width, terminals: 100 - where.width }}
            onLayoutChanged={({ task }, { isUserInteraction }) => {
              if (isUserInteraction && task !== undefined) setWhere({ ...where, width: Math.round(task * 10) / 10 });
            }}
          >
            <Panel id="task" panelRef={panel} minSize={320} collapsible collapsedSize={0}>
              {taskPane}
            </Panel>
            <Separator className="bar-between" aria-label="Width of the task" />
            <Panel id="terminals" minSize={280}>
              {terminals}
            </Panel>
          </Group>
        )}
      </main>
      {dialog === "submit" && !over ? (
        <SubmitDialog
          kind={view.kind}
          tasks={tasks}
          unsaved={desk.texts.unsaved}
          grading={submit.isPending || submit.isSuccess}
          error={submit.error}
          onSubmit={submitNow}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
      {dialog === "keys" ? <KeysDialog onClose={() => setDialog(undefined)} /> : null}
      {over && !submit.isPending && !submit.isSuccess ? <OverDialog view={view} /> : null}
    </div>
  );
}

/** The attempt ended from somewhere else: another window, or the clock. */
function OverDialog({ view }: { readonly view: AttemptView }) {
  const [, navigate] = useLocation();
  const timeUp = view.endsAt !== null && (view.submittedAt ?? view.now) >= view.endsAt - 1000;
  const result = `/attempts/${view.id}/result`;
  return (
    <Dialog
      role="alertdialog"
      title={timeUp ? "The time is up" : "This attempt was submitted"}
      open
      onClose={() => navigate(result)}
      actions={
        <Button look="primary" autoFocus onPress={() => navigate(result)}>
          See the result
        </Button>
      }
    >
      <p>
        {timeUp
          ? "What was there when the time ended is graded. Your answers and notes are kept."
          : "It was submitted in another window. Your answers and notes are kept."}
      </p>
    </Dialog>
  );
}

/** Too narrow for two panes side by side: small windows, and zoomed ones. */
function useNarrow(): boolean {
  const [query] = useState(() => window.matchMedia("(max-width: 760px)"));
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
}
