/**
 * The terminal's colours in both themes, as xterm.js takes them. Every one is at least 4.5:1 on the terminal's
 * background, except `black` on dark (and `white` on light), which programs use as backgrounds: those are 3:1.
 */
export interface TerminalTheme {
  readonly background: string;
  readonly foreground: string;
  readonly cursor: string;
  readonly cursorAccent: string;
  readonly selectionBackground: string;
  readonly black: string;
  readonly red: string;
  readonly green: string;
  readonly yellow: string;
  readonly blue: string;
  readonly magenta: string;
  readonly cyan: string;
  readonly white: string;
  readonly brightBlack: string;
  readonly brightRed: string;
  readonly brightGreen: string;
  readonly brightYellow: string;
  readonly brightBlue: string;
  readonly brightMagenta: string;
  readonly brightCyan: string;
  readonly brightWhite: string;
}

export const terminalThemes: Readonly<Record<"light" | "dark", TerminalTheme>> = {
  dark: {
    background: "#0b1017",
    foreground: "#dde3ea",
    cursor: "#dde3ea",
    cursorAccent: "#0b1017",
    selectionBackground: "#35506f",
    black: "#66717f",
    red: "#f2807a",
    green: "#5fc99b",
    yellow: "#dfb65a",
    blue: "#77aef0",
    magenta: "#c79af0",
    cyan: "#58c4cf",
    white: "#c6ced8",
    brightBlack: "#8a96a5",
    brightRed: "#ff9f98",
    brightGreen: "#84e0b6",
    brightYellow: "#f2cf80",
    brightBlue: "#9cc6ff",
    brightMagenta: "#dcb8ff",
    brightCyan: "#83dfe8",
    brightWhite: "#f7f9fb",
  },
  light: {
    background: "#fbfcfd",
    foreground: "#242c38",
    cursor: "#242c38",
    cursorAccent: "#fbfcfd",
    selectionBackground: "#bcd3ee",
    black: "#242c38",
    red: "#b3302c",
    green: "#0f6f4d",
    yellow: "#80590a",
    blue: "#1f5fae",
    magenta: "#7d3bb0",
    cyan: "#0b6a77",
    white: "#848d99",
    brightBlack: "#5b6675",
    brightRed: "#c43a33",
    brightGreen: "#177a55",
    brightYellow: "#8a6310",
    brightBlue: "#2a6cc0",
    brightMagenta: "#8d48c4",
    brightCyan: "#137584",
    brightWhite: "#6a7482",
  },
};
