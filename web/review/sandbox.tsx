import { FitAddon } from "@xterm/addon-fit";
import type { Terminal } from "@xterm/xterm";
import { useEffect, useRef, useState } from "react";
import { ToSandboxViewer } from "../../server/sessions/protocol/index.ts";
import { sandboxUrl, useSignedOut } from "../api/index.ts";
import { terminalThemes, useTheme } from "../theme/index.ts";
import { Button, Dialog } from "../ui/index.ts";
import { momentText } from "./moment.ts";
import { createTerminal } from "./player/xterm-target.ts";

export interface SandboxProps {
  readonly id: string;
  readonly part: number;
  readonly at: number;
  readonly from: number;
  readonly onClose: () => void;
}

/** A terminal in a copy of the cluster as it was at a moment. It ends when it is closed. */
export function SandboxDialog({ id, part, at, from, onClose }: SandboxProps) {
  return (
    <Dialog
      title={`Sandbox at ${momentText(at - from)}`}
      open
      onClose={onClose}
      actions={
        <Button className="sandbox-close" onPress={onClose}>
          Close and throw away
        </Button>
      }
    >
      <p className="panel-note">
        A copy of the cluster as it was then. Nothing that is done here changes the attempt; closing it throws the copy
        away. Ctrl+Alt+↓ leaves the terminal.
      </p>
      <SandboxTerminal id={id} part={part} at={at} />
    </Dialog>
  );
}

const utf8 = new TextEncoder();

function SandboxTerminal({ id, part, at }: Pick<SandboxProps, "id" | "part" | "at">) {
  const theme = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const made = useRef<Terminal>(undefined);
  const [words, setWords] = useState("The copy is made…");
  const [line, setLine] = useState<{ readonly is: string; readonly code?: number }>({ is: "open" });
  useSignedOut(line);
  useEffect(() => {
    const terminal = createTerminal({ theme: terminalThemes[theme] }, 80, 24);
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(place.current!);
    made.current = terminal;
    fit.fit();
    const socket = new WebSocket(sandboxUrl(id, part, at, terminal.cols, terminal.rows));
    socket.binaryType = "arraybuffer";
    let over = false;
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data !== "string") return terminal.write(new Uint8Array(data));
      const message = ToSandboxViewer.parse(JSON.parse(data));
      over ||= message.type !== "ready";
      if (message.type === "ready") {
        setWords(`${message.user}@${message.host}`);
        terminal.focus();
      } else setWords(message.type === "error" ? message.message : `The shell has ended (exit ${message.status}).`);
    });
    socket.addEventListener("close", ({ code }) => {
      setLine({ is: "refused", code });
      if (!over) setWords("The connection is gone, and the copy with it. Close this and open another one.");
    });
    const send = (bytes: Uint8Array<ArrayBuffer>): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    };
    terminal.attachCustomKeyEventHandler((event) => {
      if (!event.ctrlKey || !event.altKey || event.key !== "ArrowDown") return true;
      document.querySelector<HTMLElement>(".sandbox-close")?.focus();
      return false;
    });
    terminal.onData((text) => send(utf8.encode(text)));
    terminal.onBinary((bytes) => send(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
    terminal.onResize(({ cols, rows }) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "resize", cols, rows }));
    });
    const observer = new ResizeObserver(() => fit.fit());
    observer.observe(place.current!);
    return () => {
      over = true;
      observer.disconnect();
      socket.close();
      terminal.dispose();
      made.current = undefined;
    };
    // The theme of a terminal that is there is changed below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [id, part, at]);
  useEffect(() => {
    if (made.current) made.current.options.theme = { ...terminalThemes[theme] };
  }, [theme]);
  return (
    <>
      {/* Escape is the terminal's: vi needs it. */}
      <div
        className="sandbox"
        role="group"
        aria-label="Sandbox terminal"
        ref={place}
        onKeyDown={(event) => event.stopPropagation()}
      />
      <p className="panel-note" role="status">
        {words}
      </p>
    </>
  );
}
