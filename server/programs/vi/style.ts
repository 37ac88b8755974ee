import type { Style } from "./editor.ts";

/** Vim's default colours on a dark background with 256 colours, by highlight group (runtime/… highlight.c). */
export const GROUPS = {
  NonText: "\x1b[94m",
  SpecialKey: "\x1b[38;5;81m",
  LineNr: "\x1b[93m",
  Visual: "\x1b[48;5;242m",
  Search: "\x1b[30m\x1b[103m",
  IncSearch: "\x1b[7m",
  ErrorMsg: "\x1b[97m\x1b[41m",
  WarningMsg: "\x1b[38;5;224m",
  ModeMsg: "\x1b[1m",
  Question: "\x1b[38;5;121m",
} as const;

export type Group = keyof typeof GROUPS;

export const MESSAGES: Readonly<Record<Style, Group | undefined>> = {
  error: "ErrorMsg",
  warning: "WarningMsg",
  bold: "ModeMsg",
  question: "Question",
  plain: undefined,
};

export function styled(text: string, group: Group | undefined): string {
  return group === undefined || text === "" ? text : `${GROUPS[group]}${text}\x1b[m`;
}
