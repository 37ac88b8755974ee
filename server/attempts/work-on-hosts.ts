import type { JournalEntry } from "../sessions/protocol/index.ts";
import type { Focus } from "../store/store.ts";

/** Milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * When an exam's learner was on the hosts of its parts, by part: on that of the terminal in which they typed or logged in
 * last. `journal` is the base's. Times in which nobody looked at the exam (a pause, a page that was closed) do not count,
 * if they were measured.
 */
export function spansOnHosts(
  journal: readonly JournalEntry[],
  focus: readonly Focus[],
  until: number,
): ReadonlyMap<number, readonly Span[]> {
  const stays = staysOf(journal, until);
  const looked = focus.length === 0 ? undefined : lookedAt(focus, until);
  return new Map(
    [...stays].map(([part, spans]) => [part, looked === undefined ? spans : shared(spans, looked)] as const),
  );
}

/** What two lists of spans have in common. */
export function shared(some: readonly Span[], others: readonly Span[]): Span[] {
  return some.flatMap((a) =>
    others.flatMap((b) => {
      const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
      return from < to ? [{ from, to }] : [];
    }),
  );
}

function staysOf(journal: readonly JournalEntry[], until: number): Map<number, Span[]> {
  const stays = new Map<number, Span[]>();
  /** Where each terminal of the base leads, and through which line. */
  const leads = new Map<number, { readonly line: number; readonly part: number }>();
  let [terminal, since] = [0, 0];
  const place = (): number | undefined => leads.get(terminal)?.part;
  const move = (at: number, change: () => void): void => {
    const before = place();
    change();
    if (place() === before) return;
    if (before !== undefined && at > since) stays.set(before, [...(stays.get(before) ?? []), { from: since, to: at }]);
    since = at;
  };
  for (const entry of journal) {
    const at = Math.min(entry.at / 1000, until);
    if (entry.kind === "input") move(at, () => (terminal = entry.terminal));
    else if (entry.kind === "close") move(at, () => leads.delete(entry.terminal));
    else if (entry.kind === "heard") move(at, () => heard(entry));
  }
  move(until, () => leads.clear());
  return stays;

  function heard({ line, answer }: Extract<JournalEntry, { kind: "heard" }>): void {
    if (answer.type === "opened" && answer.from !== null) {
      terminal = answer.from;
      leads.set(terminal, { line, part: answer.part });
    } else if (answer.type === "ended" || answer.type === "lost" || answer.type === "refused")
      for (const [from, lead] of leads) if (lead.line === line) leads.delete(from);
  }
}

function lookedAt(focus: readonly Focus[], until: number): Span[] {
  return focus.flatMap(({ at, task }, index) => {
    const to = Math.min(focus[index + 1]?.at ?? until, until);
    return task === null || to <= at ? [] : [{ from: at, to }];
  });
}
