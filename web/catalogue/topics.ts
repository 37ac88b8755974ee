import type { Catalogue } from "../../server/sessions/protocol/index.ts";

export type Lab = Catalogue["labs"][number];

/** A topic with what was done of it: a lab counts when an attempt got all points. */
export interface Topic {
  readonly name: string;
  readonly labs: number;
  readonly done: number;
}

const SHORT_FOR = new Set(["cni", "dns", "nat"]);

/** `DNS`, `Network policy` */
export function topicTitle(topic: string): string {
  if (SHORT_FOR.has(topic)) return topic.toUpperCase();
  if (topic === "kube-proxy") return topic;
  return `${topic.charAt(0).toUpperCase()}${topic.slice(1).replaceAll("-", " ")}`;
}

/** All topics of the labs in the order in which they first appear, those first that labs are mainly about. */
export function topicsOf(labs: readonly Lab[]): Topic[] {
  const names = [
    ...new Set([...labs.flatMap(({ topics }) => topics.slice(0, 1)), ...labs.flatMap(({ topics }) => topics)]),
  ];
  return names.map((name) => ({ name, ...progressOf(labs.filter(({ topics }) => topics.includes(name))) }));
}

export function progressOf(labs: readonly Lab[]): Omit<Topic, "name"> {
  return { labs: labs.length, done: labs.filter(isDone).length };
}

export function isDone(lab: Lab): boolean {
  return lab.best !== null && lab.best >= 100;
}

/** Labs under what they are mainly about, in the order in which that first appears. */
export function byTopic(labs: readonly Lab[]): { readonly topic: string; readonly labs: readonly Lab[] }[] {
  const groups = Map.groupBy(labs, ({ topics }) => topics[0] ?? "other");
  return [...groups].map(([topic, some]) => ({ topic, labs: some }));
}

/** Labs of a topic (null: of any) in which every word of `search` occurs; those whose titles have them all come first. */
export function findLabs(labs: readonly Lab[], topic: string | null, search: string): Lab[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (...texts: readonly string[]): boolean => {
    const text = texts.join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return labs
    .filter(
      ({ id, title, summary, level, topics }) =>
        (topic === null || topics.includes(topic)) && has(id, title, summary, level, ...topics),
    )
    .toSorted((a, b) => Number(has(b.title)) - Number(has(a.title)));
}

const LEVELS = { easy: 0, medium: 1, hard: 2 } as const;

/** What to start next: the first of the easiest labs that are not done, in the catalogue's order. */
export function nextLab(labs: readonly Lab[]): Lab | undefined {
  return labs.filter((lab) => !isDone(lab)).toSorted((a, b) => LEVELS[a.level] - LEVELS[b.level])[0];
}

/** An exam's weights as whole percents that make 100 together (largest remainder). */
export function weightPercents(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / sum) * 100);
  const percents = exact.map(Math.floor);
  const missing = 100 - percents.reduce((total, percent) => total + percent, 0);
  const byRemainder = exact.map((_, at) => at).toSorted((a, b) => (exact[b]! % 1) - (exact[a]! % 1) || a - b);
  for (const at of byRemainder.slice(0, missing)) percents[at]!++;
  return percents;
}
