import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const [usual, more] = css.split("@media (prefers-contrast: more)") as [string, string];

type Theme = "light" | "dark";

/** The colours of a style sheet's text in a theme, as relative luminances (WCAG 2.2). */
function colours(text: string, theme: Theme): Record<string, number> {
  const oklch = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)|oklch\(([\d.]+) 0 0\)/g;
  const found: Record<string, number> = {};
  for (const [, name, value] of text.matchAll(/--([a-z-]+): ((?:light-dark\(|oklch\().*);/g)) {
    const colour = [...value!.matchAll(oklch)].map((match) => luminance(match.slice(1, 4).map(Number)));
    if (colour.length > 0 && !value!.includes("%")) found[name!] = colour[theme === "dark" ? 1 : 0] ?? colour[0]!;
  }
  return found;
}

/** Of OKLCH, by Björn Ottosson's matrices (bottosson.github.io/posts/oklab), clipped to sRGB. */
function luminance([lightness, chroma, hue]: readonly number[]): number {
  const [a, b] = [chroma! * Math.cos((hue! * Math.PI) / 180), chroma! * Math.sin((hue! * Math.PI) / 180)];
  const l = (lightness! + 0.396_337_777_4 * a + 0.215_803_757_3 * b) ** 3;
  const m = (lightness! - 0.105_561_345_8 * a - 0.063_854_172_8 * b) ** 3;
  const s = (lightness! - 0.089_484_177_5 * a - 1.291_485_548 * b) ** 3;
  const clip = (value: number): number => Math.max(0, Math.min(1, value));
  const red = clip(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s);
  const green = clip(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s);
  const blue = clip(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

const HULLS = ["bg", "surface", "raised", "sunken"];
const INKS = ["text", "muted", "accent-text", "pass", "fail", "warn", "broke"];

/** Pairs of ink and hull that have less contrast than they must. */
function faint(tokens: Record<string, number>, least: number): string[] {
  const pairs = [
    ...INKS.flatMap((ink) => HULLS.map((hull) => [ink, hull, least] as const)),
    ...["text", "muted"].map((ink) => [ink, "hover", least] as const),
    ...["pass", "fail", "warn", "broke"].flatMap((state) =>
      ["text", "muted", state].map((ink) => [ink, `${state}-tint`, 4.5] as const),
    ),
    ["on-accent", "accent", 4.5] as const,
    ["on-accent", "accent-hover", 4.5] as const,
    ...HULLS.map((hull) => ["focus", hull, 3] as const),
    ...HULLS.map((hull) => ["line-strong", hull, 3] as const),
  ];
  return pairs
    .map(([ink, hull, needed]) => ({ ink, hull, needed, has: contrast(tokens[ink]!, tokens[hull]!) }))
    .filter(({ needed, has }) => !(has >= needed))
    .map(({ ink, hull, needed, has }) => `${ink} on ${hull}: ${has.toFixed(2)} of ${needed}`);
}

test.each(["light", "dark"] as const)("everything can be read in %s: 4.5 to 1, lines and rings 3 to 1", (theme) => {
  expect(faint(colours(usual, theme), 4.5)).toEqual([]);
});

test.each(["light", "dark"] as const)("in high contrast %s has 7 to 1", (theme) => {
  expect(faint({ ...colours(usual, theme), ...colours(more, theme) }, 7)).toEqual([]);
});
