import type { Terminal } from "@xterm/xterm";
import { useEffect, useRef } from "react";
import type { Replay } from "../../../server/sessions/protocol/index.ts";
import { terminalThemes, useTheme } from "../../theme/index.ts";
import { Recording } from "./recording.ts";
import { createTerminal, XtermTarget } from "./xterm-target.ts";

/** Room for the bars, the controls and the timeline, so that they are seen together with the terminal. */
const BESIDE = 400;
/** It is not made smaller than that only because it is high. */
const LEAST = 0.8;

export interface ReplayScreenProps {
  readonly replay: Replay;
  readonly at: number;
  readonly label: string;
}

/** A terminal as it was at a moment. It is made smaller where it does not fit. */
export function ReplayScreen({ replay, at, label }: ReplayScreenProps) {
  const theme = useTheme();
  const frame = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const made = useRef<{ readonly terminal: Terminal; readonly recording: Recording }>(undefined);
  useEffect(() => {
    const outer = frame.current!;
    const inner = place.current!;
    const terminal = createTerminal({ theme: terminalThemes[theme] }, replay.cols, replay.rows);
    terminal.open(inner);
    // Nobody types here, and it is no stop on the way of the Tab key: what it shows is read in its frame.
    terminal.textarea?.setAttribute("tabindex", "-1");
    terminal.options.disableStdin = true;
    const fit = (): void => {
      const screen = inner.querySelector<HTMLElement>(".xterm-screen");
      if (!screen || screen.offsetWidth === 0) return;
      const wide = Math.min(1, outer.clientWidth / screen.offsetWidth);
      const high = Math.max(LEAST, (window.innerHeight - BESIDE) / screen.offsetHeight);
      const scale = Math.min(wide, high);
      inner.style.transform = `scale(${scale})`;
      inner.style.width = `${screen.offsetWidth}px`;
      outer.style.height = `${Math.ceil(screen.offsetHeight * scale)}px`;
    };
    const recording = new Recording(replay, new XtermTarget(terminal, fit));
    made.current = { terminal, recording };
    const observer = new ResizeObserver(fit);
    observer.observe(outer);
    const drawn = terminal.onRender(fit);
    return () => {
      drawn.dispose();
      observer.disconnect();
      terminal.dispose();
      made.current = undefined;
    };
    // The theme of a terminal that is there is changed below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [replay]);
  useEffect(() => {
    if (made.current) made.current.terminal.options.theme = { ...terminalThemes[theme] };
  }, [theme]);
  useEffect(() => made.current?.recording.show(at), [replay, at]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className="replay-screen" ref={frame} role="group" aria-label={label} tabIndex={0}>
      <div className="replay-place" ref={place} />
    </div>
  );
}
