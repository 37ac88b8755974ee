import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button, Icon } from "../../ui/index.ts";
import type { Desk } from "../desk.ts";
import type { TerminalRow } from "./terminals.ts";
import { FindBar } from "./find-bar.tsx";

export interface TerminalPaneProps {
  readonly desk: Desk;
  readonly part: number;
  readonly row: TerminalRow;
  /** Nobody types: the line is down or the cluster is not there. */
  readonly idle: boolean;
}

/** The place in which a terminal is drawn, with what its shell left behind when it ended. */
export function TerminalPane({ desk, part, row, idle }: TerminalPaneProps) {
  const { terminal } = row;
  const place = useRef<HTMLDivElement>(null);
  const [finding, setFinding] = useState(false);
  const screen = desk.terminals.screen(part, terminal);

  useLayoutEffect(() => {
    const pane = place.current;
    if (!screen || !pane) return;
    screen.mount(pane);
    const fit = (): void => {
      const room = screen.room();
      if (room) desk.terminals.room(part, terminal, room);
    };
    const watch = new ResizeObserver(fit);
    watch.observe(pane);
    const stopFind = desk.onFind(part, terminal, () => setFinding(true));
    desk.mounted(part, terminal);
    return () => {
      watch.disconnect();
      stopFind();
      desk.terminals.hidden(part, terminal);
      screen.unmount();
    };
  }, [desk, screen, part, terminal]);

  useEffect(() => {
    if (!finding) screen?.endFind();
  }, [finding, screen]);

  return (
    <div
      className="terminal-pane"
      data-pane={`${part}/${terminal}`}
      data-idle={idle || undefined}
      data-follows={row.follows || undefined}
      role="group"
      aria-label={`Terminal ${terminal} on ${row.host}`}
    >
      {finding && screen ? (
        <FindBar
          find={(text, direction) => screen.find(text, direction)}
          onClose={() => {
            setFinding(false);
            screen.focus();
          }}
        />
      ) : null}
      <div className="terminal-place" ref={place} />
      {row.ended === null ? null : (
        <div className="terminal-ended" role="status">
          <span>The shell has ended ({row.ended}).</span>
          <Button size="small" onPress={() => desk.open(part, "tab")}>
            <Icon name="plus" size={14} />
            New terminal
          </Button>
          <Button size="small" onPress={() => desk.close(part, terminal)}>
            Close
          </Button>
        </div>
      )}
    </div>
  );
}
