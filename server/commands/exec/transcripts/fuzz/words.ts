import { Dice } from "../../../../sim/net/oracle/dice.ts";

/** How a theme writes commands: `a|b|c` in a template picks one, `{name}` asks the theme's words, `[…]` may be left out. */
export interface Theme {
  readonly world: string;
  /** Played first, as they stand. */
  readonly begin: readonly string[];
  readonly words: Readonly<Record<string, readonly string[]>>;
  readonly templates: readonly string[];
  /** One of them follows each few commands. */
  readonly looks: readonly string[];
}

/** The commands of one sequence: the same for the same seed. `length` counts what follows the beginning. */
export function commandsOf(theme: Theme, seed: number, length: number): string[] {
  const dice = new Dice(seed);
  const lines: string[] = [...theme.begin];
  for (let at = 0; at < length; at++) {
    const look = at % 3 === 2;
    const line = written(dice, theme, dice.pick(look ? theme.looks : theme.templates));
    lines.push(look || !dice.chance(10) ? line : mistyped(dice, line));
  }
  return lines;
}

function written(dice: Dice, theme: Theme, template: string): string {
  let text = template;
  for (let last = ""; last !== text;) {
    last = text;
    text = text
      .replaceAll(/\[([^[\]]*)\]/g, (_whole, part: string) => (dice.chance(50) ? part : ""))
      .replaceAll(/\{(\w+)\}/g, (_whole, name: string) => dice.pick(theme.words[name] ?? [`NO-WORD-${name}`]));
  }
  return text
    .replaceAll(/ +/g, " ")
    .trim()
    .split(" ")
    .map((word) => (/^[^'"|]+(\|[^'"|]+)+$/.test(word) ? dice.pick(word.split("|")) : word))
    .join(" ");
}

/** What a hand does wrong: a word is left out, written twice, cut short, swapped with the next, or misspelt. */
function mistyped(dice: Dice, line: string): string {
  const words = line.split(" ");
  if (words.length < 2 || /['">|;]/.test(line)) return line;
  const at = 1 + dice.below(words.length - 1);
  const word = words[at]!;
  const slips: (() => string[])[] = [
    () => words.toSpliced(at, 1),
    () => words.toSpliced(at, 0, word),
    () => words.with(at, word.slice(0, Math.max(1, word.length - 1 - dice.below(3)))),
    () => words.slice(0, at),
    () => words.with(at, `${word}x`),
    () => (at + 1 < words.length ? words.with(at, words[at + 1]!).with(at + 1, word) : words),
  ];
  return dice.pick(slips)().join(" ");
}
