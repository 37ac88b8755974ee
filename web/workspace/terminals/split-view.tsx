import { Group, Panel, Separator } from "react-resizable-panels";
import type { ReactNode } from "react";
import { type Split, terminalsIn, type Tree } from "../layout/layout.ts";

export interface SplitViewProps {
  readonly tree: Tree;
  readonly pane: (terminal: number) => ReactNode;
  readonly onShare: (at: Split, percent: number) => void;
}

/** A tab's terminals, split as its tree says. */
export function SplitView({ tree, pane, onShare }: SplitViewProps) {
  if (typeof tree === "number") return <div className="split-leaf">{pane(tree)}</div>;
  const name = [tree.first, tree.second].map((side) => terminalsIn(side).join(".")).join("-");
  return (
    <Group
      key={`${tree.to} ${name}`}
      id={`split ${name}`}
      className="split"
      orientation={tree.to === "right" ? "horizontal" : "vertical"}
      defaultLayout={{ first: tree.share, second: 100 - tree.share }}
      onLayoutChanged={({ first }, { isUserInteraction }) => {
        if (isUserInteraction && first !== undefined) onShare(tree, first);
      }}
    >
      <Panel id="first" minSize={120}>
        <SplitView tree={tree.first} pane={pane} onShare={onShare} />
      </Panel>
      <Separator className="bar-between" aria-label="Size of the terminals" />
      <Panel id="second" minSize={120}>
        <SplitView tree={tree.second} pane={pane} onShare={onShare} />
      </Panel>
    </Group>
  );
}
