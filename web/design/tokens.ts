/** Colours by what they are for. A test compares them with web/theme/tokens.css. */
export const COLOURS: readonly (readonly [token: string, use: string])[] = [
  ["--bg", "the page"],
  ["--surface", "panes and rows"],
  ["--raised", "menus, dialogs, things on a pane"],
  ["--sunken", "code and fields"],
  ["--hover", "what is pointed at"],
  ["--line", "between things"],
  ["--line-strong", "around what can be changed"],
  ["--text", "words"],
  ["--muted", "words that can wait"],
  ["--accent", "the one thing to do"],
  ["--accent-hover", "the same, pointed at"],
  ["--on-accent", "words on it"],
  ["--accent-text", "the clock's last minutes"],
  ["--focus", "the ring of the keyboard"],
  ["--pass", "passed"],
  ["--fail", "failed"],
  ["--warn", "mind this"],
  ["--broke", "could not be checked"],
  ["--pass-tint", "behind passed"],
  ["--fail-tint", "behind failed"],
  ["--warn-tint", "behind mind this"],
  ["--broke-tint", "behind could not be checked"],
];

export const SIZES = ["--size-12", "--size-13", "--size-14", "--size-16", "--size-20", "--size-28"];
export const SPACES = ["--1", "--2", "--3", "--4", "--5", "--6", "--8", "--12"];
