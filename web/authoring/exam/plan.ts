import type { ExamPreview, Level } from "../../../server/sessions/protocol/index.ts";

/** What an exam consists of: labs that are in every attempt, and others that are drawn. */
export interface Plan {
  readonly tasks: readonly { readonly lab: string; readonly weight: number }[];
  readonly draw: readonly Draw[];
}

export interface Draw {
  readonly topics: readonly string[];
  /** Null: any. */
  readonly level: Level | null;
  readonly count: number;
  readonly weight: number;
}

/** As much of a lab as a blueprint is made of. */
export interface KnownLab {
  readonly topics: readonly string[];
  readonly minutes: number;
}

export function planOf({ tasks, draw }: ExamPreview): Plan {
  return { tasks, draw: draw.map(({ topics, level, count, weight }) => ({ topics, level, count, weight })) };
}

/** The text of an `exam.yaml` with another plan; everything else in it stays as it was written. */
export function withPlan(text: string, { tasks, draw }: Plan): string {
  const lines = text.split("\n");
  const kept: string[] = [];
  let place: number | undefined;
  let inside = false;
  for (const line of lines) {
    // A list may stand under its key without being indented; a comment between blocks belongs to what follows.
    if (/^[^\s#-]/.test(line)) inside = /^(tasks|draw)\s*:/.test(line);
    if (inside) place ??= kept.length;
    else kept.push(line);
  }
  while (place === undefined && kept.at(-1) === "") kept.pop();
  kept.splice(place ?? kept.length, 0, ...blocks(tasks, draw));
  return `${kept.join("\n").trimEnd()}\n`;
}

function blocks(tasks: Plan["tasks"], draw: Plan["draw"]): string[] {
  const taskLines = tasks.map(({ lab, weight }) => `  - { lab: ${lab}, weight: ${weight} }`);
  const drawLines = draw.map(({ topics, level, count, weight }) => {
    const of = level === null ? "" : ` level: ${level},`;
    return `  - { topics: [${topics.join(", ")}],${of} count: ${count}, weight: ${weight} }`;
  });
  return [
    ...(taskLines.length > 0 ? ["tasks:", ...taskLines] : []),
    ...(drawLines.length > 0 ? ["draw:", ...drawLines] : []),
  ];
}

/** The text with another number at a key of the first column: `minutes: 120`. What is behind it on the line stays. */
export function withNumber(text: string, key: "minutes" | "pass", value: number): string {
  const line = new RegExp(`^(${key}:\\s*)[^\\s#]*`, "m");
  return line.test(text) ? text.replace(line, `$1${value}`) : `${text.trimEnd()}\n${key}: ${value}\n`;
}

/**
 * Draws so many tasks over all main topics, in proportion to how many labs each has; a task weighs what its topic's labs take
 * in minutes. The same labs give the same blueprint.
 */
export function spread(labs: readonly KnownLab[], count: number): Draw[] {
  const byTopic = [...Map.groupBy(labs, ({ topics }) => topics[0] ?? "")].filter(([topic]) => topic !== "");
  const all = byTopic.reduce((sum, [, its]) => sum + its.length, 0);
  const shares = byTopic.map(([topic, its]) => {
    const share = (its.length / all) * count;
    const minutes = its.reduce((sum, lab) => sum + lab.minutes, 0) / its.length;
    return { topic, whole: Math.min(Math.floor(share), its.length), rest: share % 1, most: its.length, minutes };
  });
  let left = count - shares.reduce((sum, { whole }) => sum + whole, 0);
  for (const share of shares.toSorted((a, b) => b.rest - a.rest)) {
    if (left <= 0 || share.whole >= share.most) continue;
    share.whole++;
    left--;
  }
  return shares
    .filter(({ whole }) => whole > 0)
    .map(({ topic, whole, minutes }) => {
      return { topics: [topic], level: null, count: whole, weight: Math.max(1, Math.round(minutes)) };
    });
}

/** How much of the whole each main topic counts, in percent, the largest first. */
export function sharesOf(
  parts: readonly { readonly topics: readonly string[]; readonly weight: number }[],
): { readonly topic: string; readonly percent: number }[] {
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  return [...Map.groupBy(parts, ({ topics }) => topics[0] ?? "other")]
    .map(([topic, its]) => ({ topic, percent: (its.reduce((sum, { weight }) => sum + weight, 0) / whole) * 100 }))
    .toSorted((a, b) => b.percent - a.percent);
}
