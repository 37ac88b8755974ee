import { ClipboardAddon } from "@xterm/addon-clipboard";
import { FitAddon } from "@xterm/addon-fit";
import { type ISearchOptions, SearchAddon } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { copyText } from "../../ui/index.ts";
import type { TerminalTheme } from "../../theme/index.ts";
import { judgePaste, type PasteVerdict } from "./paste.ts";
import type { Size } from "./size.ts";
import type { Screen } from "./terminals.ts";

/** Where WebGL is drawn by the main processor (remote desktops, virtual machines), DOM elements are quicker. */
const GPU = hasGraphicsProcessor();

function hasGraphicsProcessor(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (!gl) return false;
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(renderer);
}

export interface ScreenLook {
  readonly theme: TerminalTheme;
  /** Lines are written for screen readers too. */
  readonly readAloud: boolean;
  /** In pixels. */
  readonly fontSize: number;
  /** What is selected is on the clipboard at once. */
  readonly copySelected: boolean;
}

export interface ScreenEvents {
  typed(bytes: Uint8Array): void;
  focused(): void;
  /** A paste that does not go through by itself. `paste` pastes it. */
  paste(verdict: Exclude<PasteVerdict, { is: "fine" }>, paste: () => void): void;
  find(): void;
  titled(title: string): void;
}

/**
 * The cursor stands still for so long behind a key, as in other terminals. While it blinks, Chromium draws what a key
 * brought two frames later instead of one.
 */
const STANDS = 1000;
/** A hidden terminal keeps its drawing for so long, since moving it to another pane hides it for a moment. */
const LINGER = 1000;
const FULL_RESET = "\u001bc";
const utf8 = new TextEncoder();

/** One terminal drawn by xterm. It lives as long as its terminal, in whichever pane shows it, and keeps what scrolled by. */
export class XtermScreen implements Screen {
  readonly element: HTMLElement;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  #webgl: WebglAddon | undefined;
  #webglFails = false;
  #size: Size;
  /** So many times contents are waiting to be drawn in another size. */
  #replacing = 0;
  #opened = false;
  #pasting = false;
  #look: ScreenLook;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #blink: ReturnType<typeof setTimeout> | undefined;

  constructor(size: Size, look: ScreenLook, events: ScreenEvents) {
    this.#size = size;
    this.#look = look;
    this.element = document.createElement("div");
    this.element.className = "screen";
    this.#terminal = new Terminal({
      ...size,
      ...lookOptions(look),
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      lineHeight: 1.2,
      fontWeightBold: 650,
      scrollback: 5000,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      cursorInactiveStyle: "outline",
      minimumContrastRatio: 4.5,
      macOptionIsMeta: true,
      allowProposedApi: true,
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(new WebLinksAddon(openLink));
    // Programs may put text on the clipboard (OSC 52), and never read it.
    this.#terminal.loadAddon(
      new ClipboardAddon(undefined, { readText: () => "", writeText: async (_, text) => void (await copyText(text)) }),
    );
    this.#terminal.onData((text) => {
      this.#holdCursor();
      // Replies to programs (where is the cursor?) come from the browser in which somebody works, not from each.
      if (this.#pasting || this.#hasFocus()) events.typed(utf8.encode(text));
    });
    this.#terminal.onBinary((bytes) => events.typed(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
    this.#terminal.onTitleChange((title) => events.titled(title));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event, events));
    this.element.addEventListener("pointerup", () => {
      // Copying by a helper field would take the focus, so it goes by the clipboard itself or not at all.
      if (this.#look.copySelected && this.#terminal.hasSelection())
        void navigator.clipboard?.writeText(this.#terminal.getSelection()).catch(() => {});
    });
    this.element.addEventListener("focusin", () => events.focused());
    this.element.addEventListener("paste", (event) => this.#pasted(event, events), { capture: true });
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.#terminal.write(bytes, drawn);
  }

  replace(bytes: Uint8Array, size: Size): void {
    // In order with what is still waiting to be drawn, as `reset()` and `resize()` would not be.
    this.#replacing++;
    this.#terminal.write(FULL_RESET, () => this.#terminal.resize(size.cols, size.rows));
    this.#terminal.write(bytes, () => {
      this.#replacing--;
      this.resize(this.#size);
    });
  }

  resize(size: Size): void {
    this.#size = size;
    const same = this.#terminal.cols === size.cols && this.#terminal.rows === size.rows;
    if (!same && this.#replacing === 0) this.#terminal.resize(size.cols, size.rows);
  }

  look(look: ScreenLook): void {
    this.#look = look;
    this.#terminal.options = lookOptions(look);
  }

  /** Shows the terminal in a pane. */
  mount(pane: HTMLElement): void {
    clearTimeout(this.#linger);
    pane.append(this.element);
    if (!this.#opened) this.#terminal.open(this.element);
    this.#opened = true;
    this.#startWebgl();
  }

  unmount(): void {
    this.element.remove();
    this.#linger = setTimeout(() => this.#stopWebgl(), LINGER);
  }

  /** What the pane has room for; undefined while it has no place or the font is not measured. */
  room(): Size | undefined {
    const room = this.#fit.proposeDimensions();
    return room && Number.isFinite(room.cols) && Number.isFinite(room.rows) ? room : undefined;
  }

  focus(): void {
    this.#terminal.focus();
  }

  find(text: string, direction: "next" | "previous"): boolean {
    return direction === "next" ? this.#search.findNext(text, FOUND) : this.#search.findPrevious(text, FOUND);
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }

  /** Fonts came late: cells are measured anew. */
  remeasure(): void {
    const { fontFamily } = this.#terminal.options;
    this.#terminal.options.fontFamily = "monospace";
    this.#terminal.options.fontFamily = fontFamily!;
    this.#webgl?.clearTextureAtlas();
  }

  dispose(): void {
    clearTimeout(this.#linger);
    clearTimeout(this.#blink);
    this.#terminal.dispose();
    this.element.remove();
  }

  #holdCursor(): void {
    clearTimeout(this.#blink);
    this.element.classList.add("typing");
    this.#blink = setTimeout(() => this.element.classList.remove("typing"), STANDS);
  }

  #hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  /** False: the key is not the terminal's. */
  #key(event: KeyboardEvent, events: ScreenEvents): boolean {
    if (!event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return true;
    // The browser pastes by itself, as text.
    if (event.code === "KeyV") return false;
    if (event.code !== "KeyC" && event.code !== "KeyF") return true;
    event.preventDefault();
    if (event.type === "keydown" && event.code === "KeyF") events.find();
    if (event.type === "keydown" && event.code === "KeyC" && this.#terminal.hasSelection())
      void copyText(this.#terminal.getSelection()).then(() => this.focus());
    return false;
  }

  #pasted(event: ClipboardEvent, events: ScreenEvents): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const verdict = judgePaste(text);
    if (verdict.is === "fine") return;
    event.preventDefault();
    event.stopPropagation();
    events.paste(verdict, () => {
      this.#pasting = true;
      this.#terminal.paste(text);
      this.#pasting = false;
    });
  }

  #startWebgl(): void {
    if (this.#webgl || this.#webglFails) return;
    if (!GPU) return;
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => this.#stopWebgl());
      this.#terminal.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      // No WebGL here: xterm draws with DOM elements.
      this.#webglFails = true;
    }
  }

  #stopWebgl(): void {
    this.#webgl?.dispose();
    this.#webgl = undefined;
  }
}

const FOUND: ISearchOptions = {
  decorations: {
    matchBackground: "#8a6d1f",
    matchOverviewRuler: "#8a6d1f",
    activeMatchBackground: "#c2571a",
    activeMatchColorOverviewRuler: "#c2571a",
  },
};

function lookOptions({ theme, readAloud, fontSize }: ScreenLook) {
  return { theme: { ...theme }, screenReaderMode: readAloud, fontSize };
}

/** Addresses in a terminal are opened on purpose only, since most lead into the cluster. */
function openLink(event: MouseEvent, address: string): void {
  if (event.ctrlKey || event.metaKey) window.open(address, "_blank", "noreferrer");
}
