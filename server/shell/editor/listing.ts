import { textWidth } from "./width.ts";

/** Lays words out in columns, sorted downwards, as rl_display_match_list of lib/readline/complete.c. */
export function columnsOf(words: readonly string[], screenWidth: number): string[] {
  const widest = Math.max(...words.map(textWidth)) + 2;
  const columns = Math.max(1, Math.floor(screenWidth / widest) || 1);
  // With room for exactly the screen's width the last column would wrap.
  const limit = columns > 1 && columns * widest === screenWidth ? columns - 1 : columns;
  const rows = Math.ceil(words.length / limit);
  return Array.from({ length: rows }, (_, row) => {
    let line = "";
    for (let at = row; at < words.length; at += rows) {
      const word = words[at]!;
      line += at + rows < words.length || limit > 1 ? word + " ".repeat(widest - textWidth(word)) : word;
    }
    return line;
  });
}
