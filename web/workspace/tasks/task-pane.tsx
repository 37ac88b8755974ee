import { lazy, type MouseEvent, Suspense } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AttemptReport, AttemptView } from "../../../server/sessions/protocol/index.ts";
import { api, keys } from "../../api/index.ts";
import { Markdown } from "../../markdown/index.ts";
import {
  Button,
  Copyable,
  Icon,
  Loading,
  pointsText,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  toastError,
  Tooltip,
} from "../../ui/index.ts";
import type { Desk } from "../desk.ts";
import { Docs } from "./docs.tsx";
import { Hints } from "./hints.tsx";
import { Notes } from "./notes.tsx";
import { Questions } from "./questions.tsx";
import { hostsNamed, type NumberedTask } from "./tasks.ts";

/** What a check found is drawn by what draws results; it comes when somebody checks. */
const ReportView = lazy(async () => ({ default: (await import("../../results/index.ts")).ReportView }));

export type TaskTab = "task" | "questions" | "hints" | "notes" | "docs" | "check";

export interface TaskPaneProps {
  readonly desk: Desk;
  readonly view: AttemptView;
  readonly current: NumberedTask;
  readonly count: number;
  readonly tab: TaskTab;
  readonly onTab: (tab: TaskTab) => void;
  readonly check: AttemptReport | undefined;
  readonly over: boolean;
  /** Folds the pane away, where that makes room. */
  readonly onFold: (() => void) | undefined;
}

/** The left pane: what is to be done, and what is asked, hinted, noted and found. */
export function TaskPane({ desk, view, current, count, tab, onTab, check, over, onFold }: TaskPaneProps) {
  const { part, task, number } = current;
  const answered = task.questions.filter(({ given }) => given !== null && given.trim() !== "").length;
  const tabs: readonly TaskTab[] = [
    "task",
    ...(task.questions.length > 0 ? (["questions"] as const) : []),
    ...(view.kind === "exam" ? [] : (["hints"] as const)),
    "notes",
    "docs",
    ...(check ? (["check"] as const) : []),
  ];
  const shown = tabs.includes(tab) ? tab : "task";
  return (
    <section
      className="task-pane"
      aria-label="Task"
      data-region="task"
      data-pane="task"
      tabIndex={-1}
      onClick={(event) => backToTerminal(event, desk)}
    >
      <header className="task-head">
        <h1>
          Task {number}
          {count > 1 ? ` of ${count}` : ""}
        </h1>
        <span className="muted">
          {pointsText(task.points)} {task.points === 1 ? "point" : "points"}
          {view.kind === "exam" ? ` · ${part.title}` : ""}
        </span>
        <FlagButton attempt={view.id} current={current} over={over} />
        {onFold ? (
          <Tooltip words="Hide the task">
            <Button className="fold-button" look="quiet" size="small" aria-label="Hide the task" onPress={onFold}>
              <Icon name="left" size={14} />
            </Button>
          </Tooltip>
        ) : null}
      </header>
      <Tabs className="task-tabs" selectedKey={shown} onSelectionChange={(key) => onTab(key as TaskTab)}>
        <TabList aria-label="About this task">
          <Tab id="task">Task</Tab>
          {task.questions.length > 0 ? (
            <Tab id="questions">
              Questions{" "}
              <span className="tab-count">
                {answered}/{task.questions.length}
              </span>
            </Tab>
          ) : null}
          {view.kind === "exam" ? null : (
            <Tab id="hints">
              Hints{" "}
              {task.hints.total > 0 ? (
                <span className="tab-count">
                  {task.hints.read.length}/{task.hints.total}
                </span>
              ) : null}
            </Tab>
          )}
          <Tab id="notes">Notes</Tab>
          <Tab id="docs">Docs</Tab>
          {check ? <Tab id="check">Check</Tab> : null}
        </TabList>
        <TabPanel id="task" className="task-panel">
          {part.ssh !== undefined && view.base ? (
            <BaseLines base={view.base} ssh={part.ssh} part={part} prompt={task.prompt} />
          ) : (
            <HostLines host={part.host} user={part.user} prompt={task.prompt} />
          )}
          <Markdown text={task.prompt} className="task-prompt" />
          {task.questions.length > 0 ? (
            <p>
              <Button onPress={() => onTab("questions")}>
                Answer {task.questions.length === 1 ? "the question" : `${task.questions.length} questions`}
                <Icon name="right" size={14} />
              </Button>
            </p>
          ) : null}
        </TabPanel>
        {task.questions.length > 0 ? (
          <TabPanel id="questions" className="task-panel">
            <Questions
              key={current.key}
              questions={task.questions}
              over={over}
              kept={(question) => desk.texts.answer(part.part, task.id, question.id, question.given ?? "")}
            />
          </TabPanel>
        ) : null}
        {view.kind === "exam" ? null : (
          <TabPanel id="hints" className="task-panel">
            <Hints key={current.key} attempt={view.id} part={part.part} task={task} over={over} />
          </TabPanel>
        )}
        <TabPanel id="notes" className="task-panel">
          <Notes kept={desk.texts.notes(view.notes)} over={over} />
        </TabPanel>
        <TabPanel id="docs" className="task-panel">
          <Docs docs={part.docs} />
        </TabPanel>
        {check ? (
          <TabPanel id="check" className="task-panel task-check">
            <Suspense fallback={<Loading what="the report" />}>
              <ReportView report={check} />
            </Suspense>
          </TabPanel>
        ) : null}
      </Tabs>
    </section>
  );
}

/** Where the terminal is, and where the task sends its reader. */
function HostLines({ host, user, prompt }: { readonly host: string; readonly user: string; readonly prompt: string }) {
  const further = hostsNamed(prompt);
  return (
    <div className="host-lines">
      <p className="muted">
        Your terminal is on <span className="mono">{host}</span> as <span className="mono">{user}</span>.
        {further.length === 0 ? null : " From there:"}
      </p>
      {further.map((name) => (
        <Copyable key={name} look="line" text={`ssh ${name}`} />
      ))}
    </div>
  );
}

/** In an exam: how to get from the base to the task's host, and where its reader is sent from there. */
function BaseLines({ base, ssh, part, prompt }: BaseLinesProps) {
  const further = hostsNamed(prompt).filter((name) => name !== ssh);
  return (
    <div className="host-lines">
      <p className="muted">
        Do this task on <span className="mono">{ssh}</span>; <span className="mono">exit</span> brings you back to{" "}
        <span className="mono">{base.host}</span>.
      </p>
      <Copyable look="line" text={`ssh ${ssh}`} />
      {further.length > 0 ? (
        <p className="muted">
          There you are on <span className="mono">{part.host}</span> as <span className="mono">{part.user}</span>. Other
          hosts from there:
        </p>
      ) : null}
      {further.map((name) => (
        <Copyable key={name} look="line" text={`ssh ${name}`} />
      ))}
    </div>
  );
}

interface BaseLinesProps {
  readonly base: NonNullable<AttemptView["base"]>;
  readonly ssh: string;
  readonly part: AttemptView["parts"][number];
  readonly prompt: string;
}

function FlagButton({ attempt, current, over }: { attempt: string; current: NumberedTask; over: boolean }) {
  const client = useQueryClient();
  const { part, task } = current;
  const flag = useMutation({
    mutationFn: (flagged: boolean) => api.flag(attempt, { part: part.part, task: task.id, flagged }),
    onMutate: (flagged) =>
      client.setQueryData(keys.attempt(attempt), (view: AttemptView | undefined) =>
        view ? withFlag(view, part.part, task.id, flagged) : view,
      ),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: keys.attempt(attempt), exact: true }),
  });
  return (
    <Button
      className="flag-button"
      look="quiet"
      size="small"
      isDisabled={over}
      aria-pressed={task.flagged}
      onPress={() => flag.mutate(!task.flagged)}
    >
      <Icon name="flag" size={14} />
      {task.flagged ? "Flagged" : "Flag"}
    </Button>
  );
}

function withFlag(view: AttemptView, part: number, task: string, flagged: boolean): AttemptView {
  const parts = view.parts.map((row) =>
    row.part === part
      ? { ...row, tasks: row.tasks.map((other) => (other.id === task ? { ...other, flagged } : other)) }
      : row,
  );
  return { ...view, parts };
}

/** Who copies a name with the mouse wants to type it next. */
function backToTerminal(event: MouseEvent, desk: Desk): void {
  const copied = event.target instanceof Element && event.target.closest(".copyable") !== null;
  if (!copied || event.detail === 0 || window.getSelection()?.isCollapsed === false) return;
  if (desk.lastFocus) desk.focusTerminal(desk.lastFocus.part);
}
