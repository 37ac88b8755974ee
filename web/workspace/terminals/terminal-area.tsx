import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import {
  Button,
  Icon,
  Loading,
  MenuButton,
  MenuItem,
  Notice,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  Tooltip,
} from "../../ui/index.ts";
import type { Desk } from "../desk.ts";
import { frontTab, terminalsIn, type Tab as LayoutTab } from "../layout/layout.ts";
import { tabName, taskHost, type ExamHosts } from "./place.ts";
import { PasteDialog, type PasteRequest } from "./paste-dialog.tsx";
import { SplitView } from "./split-view.tsx";
import { StatusLine } from "./status-line.tsx";
import { TerminalPane } from "./terminal-pane.tsx";
import type { PartTerminals, TerminalRow } from "./terminals.ts";

export interface TerminalAreaProps {
  readonly desk: Desk;
  readonly part: number;
  /** In an exam: the hosts to which its base leads. */
  readonly hosts: ExamHosts;
  /** Stands before the tabs. */
  readonly before: ReactNode;
  /** The topology is open below. */
  readonly topology: boolean;
  /** Opens and closes it; undefined where there is none. */
  readonly onTopology: ((open: boolean) => void) | undefined;
}

/** The terminals of a part: tabs, splits, what can be done with them, and the line below that says where one is. */
export function TerminalArea({ desk, part, hosts, before, topology, onTopology }: TerminalAreaProps) {
  useSyncExternalStore(desk.subscribe, () => desk.version);
  const { state } = desk.terminals;
  const here = desk.terminals.part(part);
  const [paste, setPaste] = useState<PasteRequest>();
  useEffect(() => desk.onPaste(setPaste), [desk]);
  const front = frontTab(here.layout);
  const idle = state.connection.is !== "open" || here.state !== "here";
  const row = here.terminals.find(({ terminal }) => terminal === front?.focus);

  return (
    <section className="terminals" aria-label="Terminals" data-region="terminals">
      {here.terminals.length > 0 ? (
        <Tabs
          className="terminal-tabs"
          selectedKey={here.layout.front}
          onSelectionChange={(key) => desk.bringToFront(part, Number(key))}
        >
          <div className="terminal-bar">
            {before}
            <TabList aria-label="Terminals">
              {here.layout.tabs.map((tab) => (
                <Tab key={tab.id} id={tab.id}>
                  <span
                    className="terminal-tab-name"
                    onClick={(event) => {
                      if (event.detail > 0) desk.focusLater(part, tab.focus);
                    }}
                  >
                    {nameOf((row) => tabName(row, desk.placeOf(part, row), hosts), here, tab)}
                  </span>
                </Tab>
              ))}
            </TabList>
            <Tooltip words="New terminal">
              <Button look="quiet" size="small" aria-label="New terminal" onPress={() => desk.open(part, "tab")}>
                <Icon name="plus" size={14} />
              </Button>
            </Tooltip>
            <span className="terminal-bar-gap" />
            {onTopology ? (
              <Button look="quiet" size="small" aria-pressed={topology} onPress={() => onTopology(!topology)}>
                <Icon name="topology" size={14} />
                Topology
              </Button>
            ) : null}
            {front ? <Actions desk={desk} part={part} terminal={front.focus} /> : null}
          </div>
          {here.layout.tabs.map((tab) => (
            <TabPanel key={tab.id} id={tab.id} className="terminal-panel">
              <SplitView
                tree={tab.tree}
                onShare={(at, percent) => desk.terminals.share(part, at, percent)}
                pane={(terminal) => {
                  const row = here.terminals.find((row) => row.terminal === terminal);
                  return row ? <TerminalPane key={terminal} desk={desk} part={part} row={row} idle={idle} /> : null;
                }}
              />
            </TabPanel>
          ))}
        </Tabs>
      ) : (
        <div className="terminals-none">
          {before}
          <Nothing desk={desk} part={part} here={here} />
        </div>
      )}
      {here.terminals.length > 0 && (here.state === "rebuilding" || here.state === "failed") ? (
        <div className="terminals-over">
          <Rebuilding desk={desk} part={part} here={here} />
        </div>
      ) : null}
      <StatusLine
        state={state}
        row={row}
        where={row ? desk.placeOf(part, row) : undefined}
        task={row && taskHost(row, desk.placeOf(part, row), hosts)}
      />
      {paste ? <PasteDialog request={paste} onDone={() => setPaste(undefined)} /> : null}
    </section>
  );
}

function Actions({ desk, part, terminal }: { readonly desk: Desk; readonly part: number; readonly terminal: number }) {
  const readAloud = useSyncExternalStore(desk.subscribe, () => desk.readAloud);
  const copySelected = useSyncExternalStore(desk.subscribe, () => desk.copySelected);
  const chosen = new Set([readAloud ? "aloud" : "", copySelected ? "copy" : ""].filter(Boolean));
  return (
    <div className="terminal-actions" role="group" aria-label="This terminal">
      <Tooltip words="Split to the right">
        <Button
          look="quiet"
          size="small"
          aria-label="Split to the right"
          onPress={() => desk.open(part, { beside: terminal, to: "right" })}
        >
          <SplitIcon d="M2 3h12v10H2zM8 3v10" />
        </Button>
      </Tooltip>
      <Tooltip words="Split below">
        <Button
          look="quiet"
          size="small"
          aria-label="Split below"
          onPress={() => desk.open(part, { beside: terminal, to: "down" })}
        >
          <SplitIcon d="M2 3h12v10H2zM2 8h12" />
        </Button>
      </Tooltip>
      <MenuButton
        aria-label="More for this terminal"
        button={
          <Button look="quiet" size="small" aria-label="More for this terminal">
            <Icon name="menu" size={14} />
          </Button>
        }
        selectionMode="multiple"
        selectedKeys={chosen}
        onAction={(key) => {
          if (key === "find") setTimeout(() => desk.find(part, terminal));
          if (key === "aloud") desk.setReadAloud(!readAloud);
          if (key === "copy") desk.setCopySelected(!copySelected);
          if (key === "larger") desk.scaleText(1);
          if (key === "smaller") desk.scaleText(-1);
          if (key === "usual") desk.scaleText(0);
        }}
      >
        <MenuItem id="find" textValue="Find">
          Find… (Ctrl+Shift+F)
        </MenuItem>
        <MenuItem id="larger" textValue="Larger text">
          Larger text
        </MenuItem>
        <MenuItem id="smaller" textValue="Smaller text">
          Smaller text
        </MenuItem>
        <MenuItem id="usual" textValue="Usual text size">
          Usual text size
        </MenuItem>
        <MenuItem id="copy" textValue="Copy what is selected">
          Copy what is selected
        </MenuItem>
        <MenuItem id="aloud" textValue="Screen reader mode">
          Screen reader mode
        </MenuItem>
      </MenuButton>
      <Tooltip words="Close this terminal">
        <Button look="quiet" size="small" aria-label="Close this terminal" onPress={() => desk.close(part, terminal)}>
          <Icon name="close" size={14} />
        </Button>
      </Tooltip>
    </div>
  );
}

function Nothing({ desk, part, here }: { readonly desk: Desk; readonly part: number; readonly here: PartTerminals }) {
  if (here.state === "waiting") return <Loading what="the terminal" />;
  if (here.state === "making")
    return (
      <Notice kind="info" title="This task’s cluster is not ready yet.">
        {here.message} Your clock goes on: you can read the task, or work on another one.
      </Notice>
    );
  if (here.state !== "here") return <Rebuilding desk={desk} part={part} here={here} />;
  return (
    <Notice
      kind="info"
      title="No terminal is open."
      action={<Button onPress={() => desk.open(part, "tab")}>New terminal</Button>}
    >
      Your cluster goes on.
    </Notice>
  );
}

function Rebuilding({
  desk,
  part,
  here,
}: {
  readonly desk: Desk;
  readonly part: number;
  readonly here: PartTerminals;
}) {
  if (here.state === "rebuilding")
    return (
      <Notice kind="warn" title="Your cluster is being built again.">
        {here.message} What you typed before is kept; your clock goes on. Wait a moment before you type.
      </Notice>
    );
  return (
    <Notice
      kind="fail"
      title="This cluster could not be built."
      action={<Button onPress={() => desk.terminals.retry(part)}>Try again</Button>}
    >
      {here.message} Your answers and notes are safe.
    </Notice>
  );
}

function nameOf(named: (row: TerminalRow) => string, here: PartTerminals, tab: LayoutTab): string {
  const inTab = terminalsIn(tab.tree);
  const row = here.terminals.find(({ terminal }) => terminal === tab.focus);
  const name = row ? named(row) : "terminal";
  const others = here.layout.tabs.filter(({ id }) => id !== tab.id).flatMap(({ tree }) => terminalsIn(tree));
  const alike = others.some((other) => {
    const row = here.terminals.find(({ terminal }) => terminal === other);
    return row && named(row) === name;
  });
  return `${name}${alike ? ` ${tab.focus}` : ""}${inTab.length > 1 ? ` +${inTab.length - 1}` : ""}`;
}

function SplitIcon({ d }: { readonly d: string }) {
  return (
    <svg
      className="icon"
      width="14"
      height="14"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}
