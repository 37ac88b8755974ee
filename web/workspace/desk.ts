import type { QueryClient } from "@tanstack/react-query";
import { announce, toast } from "../ui/index.ts";
import { api, keys } from "../api/index.ts";
import { terminalThemes } from "../theme/index.ts";
import { browserTimers, webSocket } from "./connection/index.ts";
import { ServerClock } from "./clock/clock.ts";
import { KeptTexts, memoryKey, recall, remember } from "./kept/index.ts";
import { type Layout, readLayout, type Split } from "./layout/layout.ts";
import type { PasteRequest } from "./terminals/paste-dialog.tsx";
import type { Size } from "./terminals/size.ts";
import { type TerminalRow, Terminals } from "./terminals/terminals.ts";
import { type ScreenLook, XtermScreen } from "./terminals/xterm-screen.ts";

const READ_ALOUD = "drydock.read-aloud";
const FONT_SIZE = "drydock.font-size";
const COPY_SELECTED = "drydock.copy-selected";
/** In pixels. At the usual one a character is 8.04 wide, so that in cells of whole pixels nothing is squeezed. */
const FONT_SIZES = [11.7, 13.4, 15, 16.8, 20, 25];
export const USUAL_FONT_SIZE = 13.4;
/** Loads the terminal's font before the first terminal measures it. True: it came later than this. */
const TERMINAL_FONT = loadFonts();

/** Everything of an open attempt that lives as long as its page and is no picture: line, terminals, clock, unsaved texts. */
export class Desk {
  readonly attempt: string;
  readonly terminals: Terminals<XtermScreen>;
  readonly clock = new ServerClock(() => browserTimers.now());
  readonly texts: KeptTexts;
  /** Grows with every change of what is shown. */
  version = 0;
  readonly #client: QueryClient;
  readonly #listeners = new Set<() => void>();
  readonly #finds = new Map<string, () => void>();
  readonly #titles = new Map<string, { readonly host: string; readonly user: string }>();
  #look: ScreenLook;
  #ask: (request: PasteRequest) => void = () => {};
  /** The terminal that is to be focused as soon as it is shown. */
  #wanted: string | undefined = undefined;
  /** The task that is shown, if the page is. */
  #task: { readonly part: number; readonly task: string } | undefined;
  #paused = false;
  #lastFocus: { readonly part: number; readonly terminal: number } | undefined;

  constructor(attempt: string, client: QueryClient, theme: "light" | "dark") {
    this.attempt = attempt;
    this.#client = client;
    this.#look = {
      theme: terminalThemes[theme],
      readAloud: recall(READ_ALOUD) === true,
      fontSize: FONT_SIZES.find((size) => size === recall(FONT_SIZE)) ?? USUAL_FONT_SIZE,
      copySelected: recall(COPY_SELECTED) === true,
    };
    this.texts = new KeptTexts(attempt, () => this.#tell());
    this.terminals = new Terminals({
      openWire: webSocket(`/api/attempts/${encodeURIComponent(attempt)}/socket`),
      timers: browserTimers,
      makeScreen: (part, terminal, size) => this.#makeScreen(part, terminal, size),
      keepLayout: (part, layout: Layout) => remember(memoryKey(attempt, "layout", part), layout),
      keptLayout: (part) => readLayout(recall(memoryKey(attempt, "layout", part))),
      clock: (now, at, doubt) => this.clock.told(now, at, doubt),
      changed: (what) => this.#changed(what),
      opened: (again) => {
        this.texts.flush();
        this.#tellTask();
        if (!again) return;
        announce("The connection is back.");
        void client.invalidateQueries({ queryKey: keys.attempt(attempt) });
      },
      refused: (words) => toast({ kind: "warn", title: words }),
    });
    this.terminals.subscribe(() => this.#tell());
    void TERMINAL_FONT.then((came) => {
      if (came) for (const screen of this.terminals.screens()) screen.remeasure();
    });
  }

  /** Starts the line; what is returned ends everything. */
  start(): () => void {
    this.terminals.connection.start();
    const seen = (): void => {
      this.terminals.connection.setVisible(document.visibilityState === "visible");
      if (document.visibilityState === "hidden") this.texts.flush();
      this.#tellTask();
    };
    const online = (): void => this.terminals.connection.wake();
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", online);
    const leave = (): void => this.texts.flush();
    window.addEventListener("pagehide", leave);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", online);
      window.removeEventListener("pagehide", leave);
      this.texts.flush();
      this.terminals.end();
      this.#listeners.clear();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** A task is in front of the learner from now on. */
  showTask(part: number, task: string): void {
    this.#task = { part, task };
    this.#tellTask();
  }

  /** The attempt stands still: nothing is typed. */
  setPaused(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    announce(paused ? "This attempt is paused." : "This attempt goes on.");
    if (!paused) this.texts.flush();
  }

  setTheme(theme: "light" | "dark"): void {
    this.#setLook({ ...this.#look, theme: terminalThemes[theme] });
  }

  get readAloud(): boolean {
    return this.#look.readAloud;
  }

  setReadAloud(readAloud: boolean): void {
    remember(READ_ALOUD, readAloud);
    this.#setLook({ ...this.#look, readAloud });
  }

  get copySelected(): boolean {
    return this.#look.copySelected;
  }

  setCopySelected(copySelected: boolean): void {
    remember(COPY_SELECTED, copySelected);
    this.#setLook({ ...this.#look, copySelected });
  }

  /** Makes the text of all terminals a step larger or smaller, or (0) as usual. */
  scaleText(steps: -1 | 0 | 1): void {
    const at = steps === 0 ? FONT_SIZES.indexOf(USUAL_FONT_SIZE) : FONT_SIZES.indexOf(this.#look.fontSize) + steps;
    const fontSize = FONT_SIZES[at];
    if (fontSize === undefined || fontSize === this.#look.fontSize) return;
    remember(FONT_SIZE, fontSize);
    this.#setLook({ ...this.#look, fontSize });
    for (const [part, { terminals }] of this.terminals.state.parts)
      for (const { terminal } of terminals) {
        const room = this.terminals.screen(part, terminal)?.room();
        if (room) this.terminals.room(part, terminal, room);
      }
  }

  /** Opens a terminal, as large as the place that it gets. */
  open(part: number, wish: "tab" | { readonly beside: number; readonly to: Split["to"] }): void {
    const row = this.terminals.part(part).terminals.find(({ terminal }) => wish === "tab" || terminal === wish.beside);
    const size: Size = row?.size ?? { cols: 80, rows: 24 };
    if (!this.terminals.open(part, size, wish))
      toast({
        kind: "warn",
        title: "No terminal was opened: the connection is gone.",
        more: "Try again when it is back.",
      });
    this.#wanted = `${part}/new`;
  }

  close(part: number, terminal: number): void {
    if (!this.terminals.close(part, terminal))
      toast({ kind: "warn", title: "The terminal was not closed: the connection is gone." });
    this.#wanted = `${part}/new`;
  }

  bringToFront(part: number, tab: number): void {
    const found = this.terminals.part(part).layout.tabs.find(({ id }) => id === tab);
    if (found) this.terminals.focused(part, found.focus);
  }

  /** Puts the keyboard into a part's terminal: the one in which somebody worked last. */
  focusTerminal(part: number): void {
    const { layout } = this.terminals.part(part);
    const terminal = layout.tabs.find(({ id }) => id === layout.front)?.focus;
    const screen = terminal === undefined ? undefined : this.terminals.screen(part, terminal);
    if (screen?.element.isConnected) screen.focus();
    else this.#wanted = `${part}/new`;
  }

  /** Types a command into the terminal in front, and leaves Enter to whoever reads it there. False: there is none. */
  typeCommand(part: number, command: string): boolean {
    const { layout } = this.terminals.part(part);
    const terminal = layout.tabs.find(({ id }) => id === layout.front)?.focus;
    if (terminal === undefined) return false;
    this.terminals.type(part, terminal, new TextEncoder().encode(command));
    this.focusTerminal(part);
    return true;
  }

  focusLater(part: number, terminal: number): void {
    setTimeout(() => this.terminals.screen(part, terminal)?.focus());
  }

  /** Reads the attempt again. */
  refresh(): void {
    void this.#client.invalidateQueries({ queryKey: keys.attempt(this.attempt), exact: true });
  }

  /** A terminal is drawn in a pane: it takes the keyboard if it was waited for. */
  mounted(part: number, terminal: number): void {
    const { layout } = this.terminals.part(part);
    const inFront = layout.tabs.find(({ id }) => id === layout.front)?.focus === terminal;
    if (!inFront || this.#wanted !== `${part}/new`) return;
    this.#wanted = undefined;
    this.terminals.screen(part, terminal)?.focus();
  }

  onFind(part: number, terminal: number, open: () => void): () => void {
    const name = `${part}/${terminal}`;
    this.#finds.set(name, open);
    return () => {
      if (this.#finds.get(name) === open) this.#finds.delete(name);
    };
  }

  find(part: number, terminal: number): void {
    this.#finds.get(`${part}/${terminal}`)?.();
  }

  onPaste(ask: (request: PasteRequest) => void): () => void {
    this.#ask = ask;
    return () => void (this.#ask = () => {});
  }

  /** Where a terminal's shell is: as its prompt says in the title, or where it began. */
  placeOf(part: number, row: TerminalRow): { readonly host: string; readonly user: string } {
    return this.#titles.get(`${part}/${row.terminal}`) ?? row;
  }

  /** The terminal in which somebody worked last, to go back to. */
  get lastFocus(): { readonly part: number; readonly terminal: number } | undefined {
    return this.#lastFocus;
  }

  #makeScreen(part: number, terminal: number, size: Size): XtermScreen {
    return new XtermScreen(size, this.#look, {
      typed: (bytes) => {
        if (!this.#paused) this.terminals.type(part, terminal, bytes);
      },
      focused: () => {
        this.#lastFocus = { part, terminal };
        this.terminals.focused(part, terminal);
      },
      paste: (verdict, paste) => this.#ask({ verdict, paste }),
      find: () => this.find(part, terminal),
      titled: (title) => {
        const place = /^([^@\s]+)@([^:\s]+):/.exec(title);
        if (!place) return;
        this.#titles.set(`${part}/${terminal}`, { user: place[1]!, host: place[2]! });
        this.#tell();
      },
    });
  }

  /** If the line is down, it is told when that is up. */
  #tellTask(): void {
    const on = document.visibilityState === "visible" ? (this.#task ?? null) : null;
    this.terminals.connection.send({ type: "focus", on });
  }

  #setLook(look: ScreenLook): void {
    this.#look = look;
    for (const screen of this.terminals.screens()) screen.look(look);
    this.#tell();
  }

  #changed(what: string): void {
    // A check that somebody made in another window.
    if (what === "check") {
      void this.#client.fetchQuery({
        queryKey: keys.check(this.attempt),
        queryFn: () => api.lastCheck(this.attempt),
        staleTime: 0,
      });
      return;
    }
    this.refresh();
  }

  #tell(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}

async function loadFonts(): Promise<boolean> {
  const fonts = ['13px "JetBrains Mono Variable"', 'bold 13px "JetBrains Mono Variable"'];
  if (fonts.every((font) => document.fonts.check(font))) return false;
  await Promise.allSettled(fonts.map((font) => document.fonts.load(font)));
  return true;
}
