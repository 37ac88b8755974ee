/** What keys of the workspace do, wherever the focus is. */
export type Command =
  | { readonly go: "left" | "right" | "up" | "down" }
  | { readonly go: "next-region" }
  | { readonly task: number }
  | { readonly show: "keys" };

export interface Key {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key is pressed: `?` belongs to terminals and to fields. */
export type Place = "terminal" | "field" | "page";

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const;

export function commandOf(key: Key, place: Place): Command | undefined {
  const plain = !key.ctrlKey && !key.altKey && !key.metaKey;
  if (plain && key.key === "F6") return { go: "next-region" };
  if (plain && key.key === "?" && place === "page") return { show: "keys" };
  if (!key.ctrlKey || !key.altKey || key.shiftKey || key.metaKey) return undefined;
  if (key.code in ARROWS) return { go: ARROWS[key.code as keyof typeof ARROWS] };
  // By the place on the keyboard: with Ctrl+Alt many layouts write something else than the digit.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(key.code)?.[1];
  return digit === undefined ? undefined : { task: digit === "0" ? 10 : Number(digit) };
}

/** All keys, for the dialog: keys as they are printed on a keyboard, and what they do. */
export const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["Ctrl", "Alt", "←"], "From the terminal to the task; with → back to the terminal"],
  [["Ctrl", "Alt", "↑ ↓ ← →"], "To the pane in that direction"],
  [["F6"], "To the next region: bar, task, terminals, topology"],
  [["Ctrl", "Alt", "1 … 9, 0"], "To that task; 0 is the tenth"],
  [["Ctrl", "Shift", "C"], "Copy what is selected in the terminal"],
  [["Ctrl", "Shift", "V"], "Paste into the terminal"],
  [["Ctrl", "Shift", "F"], "Find in the terminal: Enter goes up, Shift+Enter down, Escape back"],
  [["Tab"], "In a terminal: complete; anywhere else: to the next control"],
  [["?"], "These keys, outside terminals and fields"],
];

/** Keys that the browser keeps for itself, in terminals too, and what does the same. */
export const RESERVED: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["Ctrl", "W"], "Closes the tab. To delete a word: Alt+Backspace. Nothing is lost: your cluster and clock go on."],
  [["Ctrl", "T"], "Opens a tab. To swap two characters there is no other key."],
  [["Ctrl", "N"], "Opens a window. For the next line of the history: ↓"],
  [["Ctrl", "Tab"], "To the next tab of the browser. To another terminal: Ctrl+Alt with an arrow."],
];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The pane that lies in that direction from another: the nearest that it faces, by the boxes that they take. */
export function paneTowards<T>(
  direction: "left" | "right" | "up" | "down",
  from: Box,
  panes: readonly { readonly pane: T; readonly box: Box }[],
): T | undefined {
  const turn = ({ left, top, right, bottom }: Box): Box => {
    if (direction === "right") return { left, top, right, bottom };
    if (direction === "left") return { left: -right, top, right: -left, bottom };
    if (direction === "down") return { left: top, top: left, right: bottom, bottom: right };
    return { left: -bottom, top: left, right: -top, bottom: right };
  };
  const here = turn(from);
  const SLACK = 2;
  return panes
    .map(({ pane, box }) => ({ pane, box: turn(box) }))
    .filter(({ box }) => box.left >= here.right - SLACK && box.top < here.bottom && box.bottom > here.top)
    .toSorted((a, b) => a.box.left - b.box.left || Math.abs(a.box.top - here.top) - Math.abs(b.box.top - here.top))[0]
    ?.pane;
}
