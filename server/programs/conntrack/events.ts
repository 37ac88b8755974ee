import type { Process } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { flowEventText, watchFlows, type FlowEvent, type Namespace } from "../../sim/net/index.ts";
import { fits } from "./filter.ts";
import type { Command } from "./options.ts";

/** `-E`: prints what happens to flows as it happens, until it is told to end. Returns how many events it showed. */
export async function follow(process: Process, ns: Namespace, command: Command): Promise<number> {
  const wanted = wantedKinds(command.given.value("eventMask"));
  const outputs = command.given.value("output")?.split(",") ?? [];
  const lines: string[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  const close = watchFlows(ns, (event) => {
    if (!wanted.includes(event.kind) || !fits(event.row, command)) return;
    lines.push(line(process, event, outputs));
    wake?.();
  });
  const stop = (): void => {
    ended = true;
    wake?.();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const) process.on(signal, stop);
  let shown = 0;
  while (!ended || lines.length > 0) {
    const next = lines.shift();
    if (next === undefined) {
      await process.block<void>((ready) => {
        wake = () => ready();
        return () => (wake = undefined);
      });
    } else {
      shown++;
      await process.print(next);
    }
  }
  close();
  return shown;
}

function wantedKinds(mask: string | undefined): readonly FlowEvent["kind"][] {
  if (mask === undefined) return ["NEW", "UPDATE", "DESTROY"];
  return mask
    .toUpperCase()
    .split(",")
    .flatMap((word): FlowEvent["kind"][] => {
      if (word === "ALL") return ["NEW", "UPDATE", "DESTROY"];
      return [word === "UPDATES" ? "UPDATE" : (word as FlowEvent["kind"])];
    });
}

function line(process: Process, event: FlowEvent, outputs: readonly string[]): string {
  const now = process.kernel.now;
  const micros = String(Math.floor(now % SECOND)).padStart(6, "0");
  const stamp = outputs.includes("timestamp") ? `[${Math.floor(now / SECOND)}.${micros}]\t` : "";
  return `${stamp}${flowEventText(event, now)}${outputs.includes("id") ? ` id=${event.row.id}` : ""}\n`;
}
