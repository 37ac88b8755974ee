import { useQuery } from "@tanstack/react-query";
import {
  type CSSProperties,
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Group, Panel, type PanelImperativeHandle, Separator } from "react-resizable-panels";
import { useLocation } from "wouter";
import type { AttemptView } from "../../server/sessions/protocol/index.ts";
import { api, keys as queryKeys, useCheck, useSubmit } from "../api/index.ts";
import { SkipLink, useTitle } from "../app/index.ts";
import { terminalThemes, useTheme } from "../theme/index.ts";
import { announce, Button, Icon, Loading, percentText, toastError } from "../ui/index.ts";
import { Banners } from "./bar/banners.tsx";
import { Bar } from "./bar/bar.tsx";
import { AbandonDialog } from "./bar/abandon-dialog.tsx";
import { OverDialog } from "./bar/over-dialog.tsx";
import { ResetDialog } from "./bar/reset-dialog.tsx";
import { SubmitDialog } from "./bar/submit-dialog.tsx";
import type { Desk } from "./desk.ts";
import { memoryKey, recall, remember } from "./kept/index.ts";
import type { Command } from "./keys/keys.ts";
import { KeysDialog } from "./keys/keys-dialog.tsx";
import { goTo, goToNextRegion, useKeys } from "./keys/use-keys.ts";
import { KubectlDialog } from "./kubectl/kubectl-dialog.tsx";
import { numberedTasks, type NumberedTask } from "./tasks/tasks.ts";
import { TaskPane, type TaskTab } from "./tasks/task-pane.tsx";
import { TerminalArea } from "./terminals/terminal-area.tsx";
import "./workspace.css";

/** The picture of the cluster; it comes when somebody opens it. */
const TopologyPanel = lazy(async () => ({ default: (await import("./topology/index.tsx")).TopologyPanel }));
const TOPOLOGY = "drydock.topology-open";

/** The task pane's width in percent, at first. */
const WIDTH = 36;
/** How long a check or a submission waits for texts that are being saved, in milliseconds. */
const SAVE_FIRST = 3000;

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
    width: typeof width === "number" && width >= 0 && width <= 90 ? width : WIDTH,
  };
}

/** An open attempt: what is to be done at the left, terminals at the right, time and tasks above. */
export function Workspace({ desk, view }: { readonly desk: Desk; readonly view: AttemptView }) {
  const [, navigate] = useLocation();
  const whereKey = memoryKey(view.id, "where");
  const [where, setWhere] = useState(() => readWhere(recall(whereKey)));
  const [dialog, setDialog] = useState<"submit" | "abandon" | "keys" | "kubectl" | "reset">();
  const narrow = useNarrow();
  const theme = useTheme();
  const panel = useRef<PanelImperativeHandle>(null);
  const [wantsTopology, setWantsTopology] = useState(() => recall(TOPOLOGY) === true);
  const over = view.state !== "open";
  const paused = view.pausedAt !== undefined;

  const check = useCheck(view.id);
  const { data: found } = useQuery({
    queryKey: queryKeys.check(view.id),
    queryFn: ({ signal }) => api.lastCheck(view.id, signal),
    // Where nobody worked nobody checked.
    enabled: view.kind === "lab" && view.parts.some(({ touched }) => touched),
    staleTime: Infinity,
  });
  const lastCheck = found ?? undefined;
  const submit = useSubmit(view.id);
  const tasks = useMemo(() => numberedTasks(view, lastCheck), [view, lastCheck]);
  const current =
    tasks.find(({ part, task }) => part.part === where.part && task.id === where.task) ??
    tasks.find(({ part }) => part.part === where.part) ??
    tasks[0];
  const part = current?.part.part ?? 0;
  /** Whose terminals these are: an exam's base's, or those of the task's own cluster. */
  const place = view.base?.part ?? part;
  useTitle(`${view.title}${current && tasks.length > 1 ? `, task ${current.number}` : ""}`);

  useEffect(() => remember(whereKey, where), [whereKey, where]);
  const shown = current?.task.id;
  useEffect(() => {
    if (shown !== undefined) desk.showTask(part, shown);
  }, [desk, part, shown]);
  useEffect(() => {
    desk.terminals.show(place);
    desk.focusTerminal(place);
  }, [desk, place, part]);
  useEffect(() => remember(memoryKey(view.id, "place"), place), [view.id, place]);

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
  const fold = useCallback(
    (away: boolean): void => {
      panel.current?.resize(away ? 0 : `${WIDTH}%`);
      setWhere((where) => ({ ...where, width: away ? 0 : WIDTH }));
      if (away) desk.focusTerminal(place);
      else setTimeout(() => document.querySelector<HTMLElement>(".task-pane")?.focus());
    },
    [desk, place],
  );
  const obey = useCallback(
    (command: Command): void => {
      if ("go" in command) {
        if (command.go === "next-region") return goToNextRegion();
        if (command.go === "left" && panel.current?.isCollapsed()) return fold(false);
        return goTo(command.go);
      }
      if ("show" in command) return setDialog("keys");
      const task = tasks[command.task - 1];
      if (task) choose(task);
    },
    [tasks, choose, fold],
  );
  useKeys(obey);
  const ended = useCallback(() => desk.refresh(), [desk]);
  const unsaved = useSyncExternalStore(desk.subscribe, () => desk.texts.unsaved);
  const [saving, setSaving] = useState(false);
  /** What was just typed counts: it is saved first. */
  const afterSaving = (act: () => void): void => {
    setSaving(true);
    void desk.texts.settle(SAVE_FIRST).then(() => {
      setSaving(false);
      act();
    });
  };

  const checkNow = (): void =>
    check.mutate(undefined, {
      onSuccess: (report) => {
        setWhere((where) => ({ ...where, tab: "check" }));
        announce(`Checked: ${percentText(report.percent)}`);
      },
      onError: toastError,
    });
  const submitNow = (): void => {
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
      over={over || paused}
      onFold={narrow ? undefined : () => fold(true)}
    />
  ) : null;
  const unfold =
    !narrow && where.width === 0 ? (
      <Button look="quiet" size="small" aria-label="Show the task" onPress={() => fold(false)}>
        <Icon name="right" size={14} />
        Task
      </Button>
    ) : null;
  const openTopology = (open: boolean): void => {
    remember(TOPOLOGY, open);
    setWantsTopology(open);
    if (!open) desk.focusTerminal(part);
  };
  const showsTopology = wantsTopology && view.kind === "lab" && !over;
  const terminals = (
    <TerminalArea
      key={place}
      desk={desk}
      part={place}
      hosts={view.parts}
      before={unfold}
      topology={showsTopology}
      onTopology={view.kind === "lab" && !over ? openTopology : undefined}
    />
  );
  const topology = showsTopology ? (
    <Suspense fallback={<Loading what="the topology" />}>
      <TopologyPanel key={part} desk={desk} part={part} onClose={() => openTopology(false)} />
    </Suspense>
  ) : null;
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
        checking={check.isPending || (saving && dialog === undefined)}
        over={over || paused}
        onChoose={choose}
        onCheck={() => afterSaving(checkNow)}
        onSubmit={() => {
          desk.texts.flush();
          submit.reset();
          setDialog("submit");
        }}
        onKeys={() => setDialog("keys")}
        onKubectl={() => setDialog("kubectl")}
        onReset={() => setDialog("reset")}
        onEnd={ended}
      />
      <Banners desk={desk} over={over} paused={paused} />
      <main id="main" tabIndex={-1} className="work">
        {narrow ? (
          <>
            {taskPane}
            {terminals}
            {topology}
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
              {where.width > 0 ? taskPane : null}
            </Panel>
            <Separator className="bar-between" aria-label="Width of the task" />
            <Panel id="terminals" minSize={280}>
              <Group id="beside" orientation="vertical">
                <Panel id="upper" minSize={120}>
                  {terminals}
                </Panel>
                {topology ? (
                  <>
                    <Separator className="bar-between" aria-label="Height of the topology" />
                    <Panel id="topology" defaultSize="50%" minSize={120}>
                      {topology}
                    </Panel>
                  </>
                ) : null}
              </Group>
            </Panel>
          </Group>
        )}
      </main>
      {dialog === "submit" && !over ? (
        <SubmitDialog
          kind={view.kind}
          tasks={tasks}
          assigned={view.assigned === true}
          check={lastCheck}
          unsaved={unsaved}
          grading={saving || submit.isPending || submit.isSuccess}
          error={submit.error}
          onSubmit={() => afterSaving(submitNow)}
          onAbandon={() => setDialog("abandon")}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
      {dialog === "kubectl" && !over ? (
        <KubectlDialog attempt={view.id} part={part} onClose={() => setDialog(undefined)} />
      ) : null}
      {dialog === "reset" && !over ? (
        <ResetDialog
          attempt={view.id}
          part={part}
          tasks={tasks.filter((task) => task.part.part === part).map(({ number }) => number)}
          onClose={() => setDialog(undefined)}
        />
      ) : null}
      {dialog === "keys" ? <KeysDialog onClose={() => setDialog(undefined)} /> : null}
      {dialog === "abandon" && !over ? <AbandonDialog attempt={view.id} onClose={() => setDialog(undefined)} /> : null}
      {over && !submit.isPending && !submit.isSuccess ? <OverDialog view={view} /> : null}
    </div>
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
