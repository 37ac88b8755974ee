import { expect, test } from "vitest";
import { terminalThemes } from "./terminal-theme.ts";

/** Contrast of two `#rrggbb` (WCAG 2.2). */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

test.each(["light", "dark"] as const)("all 16 colours of the %s terminal can be read", (name) => {
  const { background, cursorAccent, selectionBackground, ...colours } = terminalThemes[name];
  const least = name === "dark" ? "black" : "white";
  const faint = Object.entries(colours).filter(
    ([colour, value]) => contrast(value, background) < (colour === least ? 3 : 4.5),
  );
  expect(faint).toEqual([]);
  expect(contrast(terminalThemes[name].foreground, selectionBackground)).toBeGreaterThan(4.5);
  expect(cursorAccent).toBe(background);
});
