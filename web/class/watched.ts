import type { ToBrowser } from "../../server/sessions/protocol/socket.ts";
import { terminalThemes } from "../theme/index.ts";
import {
  browserTimers,
  Connection,
  fromBase64,
  webSocket,
  XtermScreen,
  type ConnectionState,
  USUAL_FONT_SIZE,
} from "../workspace/index.tsx";

export interface WatchedTerminal {
  readonly terminal: number;
  readonly host: string;
  readonly user: string;
  readonly screen: XtermScreen;
}

const NOTHING = (): void => {};

/** The terminals of one part of somebody else's attempt, as they are drawn there. Nothing goes back. */
export class Watched {
  state: ConnectionState = { is: "connecting" };
  terminals: readonly WatchedTerminal[] = [];
  readonly #part: number;
  readonly #theme: "light" | "dark";
  readonly #connection: Connection;
  readonly #changed: () => void;

  constructor(attempt: string, part: number, theme: "light" | "dark", changed: () => void, attemptChanged: () => void) {
    this.#part = part;
    this.#theme = theme;
    this.#changed = changed;
    this.#connection = new Connection(webSocket(`/api/attempts/${encodeURIComponent(attempt)}/socket`), browserTimers, {
      state: (state) => {
        this.state = state;
        changed();
      },
      message: (message) => (message.type === "changed" ? attemptChanged() : this.#hear(message)),
      output: (from, terminal, bytes, drawn) => {
        const screen = from === part ? this.#find(terminal)?.screen : undefined;
        if (screen === undefined) drawn();
        else screen.write(bytes, drawn);
      },
      roundTrip: NOTHING,
    });
  }

  /** Starts; what is returned ends it. */
  start(): () => void {
    this.#connection.attach(this.#part);
    this.#connection.start();
    return () => {
      this.#connection.close();
      for (const { screen } of this.terminals) screen.dispose();
      this.terminals = [];
    };
  }

  #hear(message: ToBrowser): void {
    if (!("part" in message) || message.part !== this.#part) return;
    switch (message.type) {
      case "screens":
        for (const { screen } of this.terminals) screen.dispose();
        this.terminals = message.terminals.map(({ screen, ...row }) => {
          const made = this.#make(row);
          made.screen.replace(fromBase64(screen), row);
          return made;
        });
        break;
      case "opened":
        this.terminals = [...this.terminals, this.#make(message)];
        break;
      case "resized":
        this.#find(message.terminal)?.screen.resize(message);
        break;
      case "closed":
        this.#find(message.terminal)?.screen.dispose();
        this.terminals = this.terminals.filter(({ terminal }) => terminal !== message.terminal);
        break;
      case "leads":
      case "ended":
      case "rebuilding":
      case "topology":
        break;
    }
    this.#changed();
  }

  #find(terminal: number): WatchedTerminal | undefined {
    return this.terminals.find((each) => each.terminal === terminal);
  }

  #make(row: {
    readonly terminal: number;
    readonly host: string;
    readonly user: string;
    readonly cols: number;
    readonly rows: number;
  }): WatchedTerminal {
    const { terminal, host, user, cols, rows } = row;
    const look = {
      theme: terminalThemes[this.#theme],
      readAloud: true,
      fontSize: USUAL_FONT_SIZE,
      copySelected: false,
    };
    const events = { typed: NOTHING, focused: NOTHING, paste: NOTHING, find: NOTHING, titled: NOTHING };
    return { terminal, host, user, screen: new XtermScreen({ cols, rows }, look, events) };
  }
}
