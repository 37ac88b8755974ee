import { useEffect } from "react";
import { type Box, type Command, commandOf, paneTowards, type Place } from "./keys.ts";

/** Obeys the workspace's keys wherever the focus is, before terminals and fields see them. */
export function useKeys(obey: (command: Command) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // In a dialog its own keys hold.
      if (document.querySelector(".dialog-overlay")) return;
      const command = commandOf(event, placeOf(event.target));
      if (!command) return;
      event.preventDefault();
      event.stopPropagation();
      obey(command);
    };
    window.addEventListener("keydown", pressed, { capture: true });
    return () => window.removeEventListener("keydown", pressed, { capture: true });
  }, [obey]);
}

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof HTMLElement)) return "page";
  if (target.closest(".screen")) return "terminal";
  return target.matches("input, textarea, select, [contenteditable]") ? "field" : "page";
}

/** Moves the focus to the pane that lies in a direction. */
export function goTo(direction: "left" | "right" | "up" | "down"): void {
  const from =
    document.activeElement?.closest<HTMLElement>("[data-pane]") ?? document.querySelector<HTMLElement>(".bar");
  if (!from) return;
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")]
    .filter((pane) => pane !== from && pane.offsetParent !== null)
    .map((pane) => ({ pane, box: boxOf(pane) }));
  const pane = paneTowards(direction, boxOf(from), panes);
  if (pane) enter(pane);
}

/** Moves the focus to the next region: bar, task, terminals. */
export function goToNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => region.offsetParent !== null,
  );
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + 1) % regions.length];
  if (next) enter(next);
}

function enter(place: HTMLElement): void {
  const terminal = place.querySelector<HTMLElement>(".xterm-helper-textarea");
  if (terminal) return terminal.focus();
  // What is named after it is read out; Tab goes on from there.
  if (place.hasAttribute("tabindex")) return place.focus({ focusVisible: true });
  place.querySelector<HTMLElement>("a, button")?.focus();
}

function boxOf(element: HTMLElement): Box {
  return element.getBoundingClientRect();
}
