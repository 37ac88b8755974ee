import { BASE, hostNames } from "./base.ts";
import type { Sessions } from "../sessions/pool/index.ts";
import { baseName, type LabCatalogue, type StartAttempt } from "../sessions/protocol/index.ts";
import type { AttemptRow, NewPart } from "../store/store.ts";
import { drawLabs } from "./draw-labs.ts";
import type { DraftOrder } from "./attempts.ts";
import { UserError } from "./errors.ts";
import { partSeed, type Seeds } from "./seeds.ts";
import { sessionOf } from "./session-name.ts";

/** Bytes that nobody can guess. */
export type Random = (count: number) => Uint8Array;

export interface Opened {
  readonly attempt: AttemptRow;
  readonly parts: readonly NewPart[];
}

/** An order for an attempt at a draft. */
export interface Draft extends DraftOrder {
  readonly kind: "draft";
}

export interface Plan {
  readonly title: string | undefined;
  readonly minutes: number | undefined;
  readonly pass: number | null;
  readonly labs: readonly { readonly lab: string; readonly weight: number; readonly host?: string | undefined }[];
}

/**
 * Opens the session of a new attempt in which its terminals begin: a lab's, or an exam's base; those of an exam's parts
 * are still to be built. If one cannot be read or that one fails, none is left, and its error is thrown. Its time begins
 * when all of this is done.
 */
export async function openAttempt(
  sessions: Sessions,
  order: StartAttempt | Draft,
  random: Random,
  seeds: Seeds,
  now: () => number,
  prepared?: Plan,
): Promise<Opened> {
  const plan = prepared ?? (await planOf(sessions, order, () => seeds.take(order.of)));
  const draft = order.kind === "draft";
  // Sessions of drafts are told by their names, and live apart (authoring/drafts-apart.ts).
  const id = `${draft ? "draft-" : ""}${Buffer.from(random(12)).toString("base64url")}`;
  const opening = plan.labs.map(async ({ lab, weight }, part) => {
    const seed = order.seed === undefined ? seeds.take(lab) : partSeed(order.seed, part);
    const { text, snapshot } =
      order.kind !== "exam"
        ? await sessions.open(sessionOf({ attempt: id, part }), lab, seed)
        : { text: await sessions.text(lab, seed), snapshot: undefined };
    return { attempt: id, part, lab, seed, weight, text, touched: false, snapshot };
  });
  const opened = await Promise.allSettled(opening);
  const failed = opened.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    closeAll(sessions, id, plan.labs.length);
    throw failed.reason;
  }
  const labs = opened.map((each) => (each as PromiseFulfilledResult<Opened["parts"][number]>).value);
  const parts = order.kind === "exam" ? [...labs, await openBase(sessions, id, plan, labs)] : labs;
  const [first] = parts;
  const minutes = plan.minutes ?? first!.text.minutes;
  const startedAt = now();
  const attempt: AttemptRow = {
    id,
    owner: "local",
    assignment: null,
    kind: order.kind === "exam" ? "exam" : "lab",
    // No lab has such an id, so it counts for none.
    of: draft ? `draft:${order.of}` : order.of,
    title: draft ? `Draft: ${first!.text.title}` : (plan.title ?? first!.text.title),
    minutes,
    pass: plan.pass,
    state: "open",
    startedAt,
    endsAt: order.kind === "exam" ? startedAt + minutes * 60_000 : null,
    submittedAt: null,
    away: 0,
    percent: null,
    notes: "",
  };
  return { attempt, parts };
}

/** The base of an exam; its hosts' names are drawn with the first part's seed. */
async function openBase(
  sessions: Sessions,
  attempt: string,
  { labs }: Plan,
  parts: readonly NewPart[],
): Promise<NewPart> {
  const { seed } = parts[0]!;
  const names = hostNames(labs, seed);
  const hosts = parts.map(({ text }, at) => ({ host: names[at]!, user: text.user }));
  const [part, lab] = [parts.length, baseName({ ...BASE, hosts })];
  const { text, snapshot } = await sessions.open(sessionOf({ attempt, part }), lab, seed);
  return { attempt, part, lab, seed, weight: 0, text, touched: false, snapshot };
}

/** What an attempt will be of, as the labs' and exams' files are now. */
export async function planOf(sessions: Sessions, order: StartAttempt | Draft, draw: () => number): Promise<Plan> {
  if (order.kind === "exam") return examPlan(await sessions.catalogue(), order.of, order.seed ?? draw());
  return labPlan(order.kind === "draft" ? order.lab : order.of);
}

export function closeAll(sessions: Sessions, attempt: string, parts: number): void {
  for (let part = 0; part < parts; part++) sessions.close(sessionOf({ attempt, part }));
}

/** The lab itself says its title and minutes when it is open. */
function labPlan(lab: string): Plan {
  return { title: undefined, minutes: undefined, pass: null, labs: [{ lab, weight: 1 }] };
}

function examPlan({ exams, labs }: LabCatalogue, id: string, seed: number): Plan {
  const exam = exams.find((each) => each.id === id);
  if (exam === undefined) throw new UserError("unknown-exam", `There is no exam '${id}'.`);
  const parts = drawLabs(exam, labs, seed);
  if (parts.length === 0) throw new UserError("bad-lab", `The exam '${id}' has no labs.`);
  return { title: exam.title, minutes: exam.minutes, pass: exam.pass, labs: parts };
}
