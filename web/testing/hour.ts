import type { CheckLane, Replay, ReplayEvent, Timeline } from "../../server/sessions/protocol/index.ts";

export const HOUR = 3_600_000;
export const COLS = 100;
export const ROWS = 30;
/** Seconds between two commands. */
const COMMAND_EVERY = 15;

/** An hour of work on a terminal: coloured listings, an editor's screens, a resize, and about 3 MB in all. */
export function hourOfOutput(): Replay["events"] {
  const events: ReplayEvent[] = [];
  for (let at = 0; at < HOUR; at += 1_000) {
    const n = at / 1_000;
    const lines = Array.from(
      { length: 9 },
      (_, row) => `\x1b[3${row % 8}mpod-${n}-${row}\x1b[0m  1/1  Running  ${"·".repeat(60)}\r\n`,
    );
    if (n % 600 === 300) events.push([at, COLS + (n % 7), ROWS]);
    if (n % 120 === 60) events.push([at, "\x1b[?1049h\x1b[2J\x1b[5;5Hin the editor"]);
    else if (n % 120 === 70) events.push([at, "\x1b[?1049l"]);
    else events.push([at, lines.join("")]);
  }
  return events;
}

/** What was done in that hour: commands, and changes of objects by every second one. `start`: milliseconds since 1970. */
export function hourOfWork(start: number): Timeline {
  const commands = Array.from({ length: HOUR / 1_000 / COMMAND_EVERY }, (_, number) => {
    const at = start + number * COMMAND_EVERY * 1_000;
    const text = `kubectl -n shop get pods --selector app=cart-${number}`;
    return {
      terminal: 1,
      host: "controlplane",
      at,
      text,
      ended: at + 400,
      status: number % 5,
      printed: null,
      shown: at,
    };
  });
  const changes = commands
    .filter((_, number) => number % 2 === 0)
    .map(({ at }) => ({
      at,
      verb: "changed" as const,
      kind: "service",
      resource: "services",
      namespace: "shop",
      name: "cart",
      user: "kubernetes-admin",
      fields: [{ path: "spec.selector.app", from: '"crat"', to: '"cart"' }],
      more: false,
    }));
  return { commands, changes, differences: 0 };
}

/** How twelve checks stood behind each of these commands. */
export function hourOfChecks({ commands }: Timeline): CheckLane {
  const checks = Array.from({ length: 12 }, (_, number) => ({ task: "repair", id: `check-${number}` }));
  return {
    checks: checks.map((check, number) => ({ ...check, says: `Pod ${number} answers on its port` })),
    moments: commands.map(({ at }, done) => ({
      at,
      commands: done + 1,
      outcomes: Object.fromEntries(
        checks.map(({ task, id }, number) => [`${task}/${id}`, (done >> 3) % 13 > number ? "pass" : "fail"]),
      ),
    })),
    of: commands.length,
  };
}
