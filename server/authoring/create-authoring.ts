import { once } from "node:events";
import { access, mkdir, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { UserError, type Attempts } from "../attempts/index.ts";
import { DRAWS, isExam } from "../sessions/protocol/index.ts";
import type {
  AttemptView,
  AuthoredKind,
  AuthoredLab,
  AuthoredLabs,
  DraftCheck,
  LabDraft,
  LabFiles,
  LabProblem,
  LabRoot,
  ListedLab,
  ProofRecord,
  ProveDraft,
  SaveLab,
  StoredLab,
  TryDraft,
} from "../sessions/protocol/index.ts";
import type { Authoring } from "./authoring.ts";
import { Bench } from "./bench.ts";
import { Hands, type SpawnThread } from "./hands.ts";
import { Kept } from "./kept.ts";
import { labHash } from "./lab-hash.ts";
import { readLab, writeLab } from "./lab-folder.ts";
import { prove } from "./proving.ts";
import { keepTried } from "./tried.ts";

/** So many drafts are proved at once: a proof keeps a processor busy, and learners work on the same machine. */
const MOST_PROVED = 2;

export interface AuthoringOptions {
  readonly attempts: Attempts;
  readonly spawn: SpawnThread;
  /** The folder of labs that can only be read. */
  readonly labs: string;
  /** The one that saved labs go to, if the operator has named one. */
  readonly folder: string | undefined;
  /** Where versions and proofs are kept. */
  readonly kept: string;
  /** Where drafts are put that somebody tries. */
  readonly drafts: string;
  /** `<hash>/<id>` of the drafts that open attempts are at. */
  readonly draftsInUse: () => Promise<ReadonlySet<string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createAuthoring(options: AuthoringOptions): Authoring {
  return new Desk(options);
}

class Desk implements Authoring {
  readonly #options: AuthoringOptions;
  readonly #hands: Hands;
  readonly #bench: Bench;
  readonly #kept: Kept;
  readonly #proving = new Set<Readable>();
  readonly #schemas = new Map<AuthoredKind, string>();
  #saving: Promise<unknown> = Promise.resolve();

  constructor(options: AuthoringOptions) {
    this.#options = options;
    this.#hands = new Hands(options.spawn);
    this.#bench = new Bench(options.spawn);
    this.#kept = new Kept(options.kept);
  }

  async labs(): Promise<AuthoredLabs> {
    const [{ labs, problems }, proofs] = await Promise.all([
      this.#hands.ask("list", { kind: "list", roots: this.#roots() }),
      this.#kept.proofs(),
    ]);
    const byName = new Map([...proofs.values()].map((record) => [record.name, record]));
    return {
      folder: this.#options.folder ?? null,
      labs: provedByLabs(labs.map((lab) => withProof(lab, proofs, byName))),
      problems: [...problems],
    };
  }

  async lab(name: string): Promise<StoredLab> {
    const found = await this.#find(name);
    if (found === undefined) throw new UserError("unknown-draft", `There is no lab '${name}'.`);
    const versions = await this.#kept.versions(name);
    return { name, origin: found.origin, hash: labHash(found.files), files: { ...found.files }, versions };
  }

  async version(name: string, number: number): Promise<LabFiles> {
    const files = await this.#kept.version(name, number);
    if (files === undefined) throw new UserError("unknown-draft", `There is no version ${number} of '${name}'.`);
    return { ...files };
  }

  async template(of: AuthoredKind, name: string): Promise<LabFiles> {
    return (await this.#hands.ask("template", { kind: "template", of, id: basename(name) })).files;
  }

  async schema(of: AuthoredKind): Promise<string> {
    const known = this.#schemas.get(of) ?? (await this.#hands.ask("schema", { kind: "schema", of })).text;
    this.#schemas.set(of, known);
    return known;
  }

  async check(draft: LabDraft): Promise<DraftCheck> {
    const { check } = await this.#hands.ask("check", { kind: "check", draft, roots: this.#roots() });
    return { ...check, hash: labHash(draft.files) };
  }

  prove(order: ProveDraft, by: string): Readable {
    if (this.#proving.size >= MOST_PROVED)
      throw new UserError(
        "prover-busy",
        `${MOST_PROVED} drafts are being proved already; this one was not begun.`,
        "Wait until one of them is done, then prove this one.",
      );
    const { name, files, seeds } = order;
    if (isExam(files))
      throw new UserError("bad-draft", "An exam is proved by its labs: nothing was begun.", "Prove them one by one.");
    const lines: Readable = prove(order, {
      bench: this.#bench,
      keep: async (result) => {
        const at = this.#options.now();
        const record: ProofRecord = { name, hash: labHash(files), ...result, seeds, at, by };
        await this.#kept.keepProof(record);
        return record;
      },
      ended: () => void this.#proving.delete(lines),
    });
    this.#proving.add(lines);
    return lines;
  }

  async try(order: TryDraft, owner: string): Promise<AttemptView> {
    const { name, files, seed = 1 } = order;
    if (isExam(files)) return this.#tryExam({ name, files }, seed, owner);
    // What cannot be opened is found in a thread that may be ended, not where others have their sessions.
    const answer = await this.#bench.ask({ kind: "rehearse", draft: { name, files }, seed });
    if (answer.kind !== "rehearse")
      throw new UserError("internal", "Something went wrong while the draft was opened.", "What you wrote is kept.", {
        cause: answer,
      });
    const [first] = answer.problems;
    if (first !== undefined) throw cannotBeOpened(first);
    const place = `${labHash(files)}/${basename(name)}`;
    await keepTried({ root: this.#options.drafts, inUse: this.#options.draftsInUse }, place, files);
    return this.#options.attempts.startDraft({ of: name, lab: `draft:${place}`, seed }, { owner });
  }

  async #tryExam(draft: LabDraft, seed: number, owner: string): Promise<AttemptView> {
    const { problems, exam } = await this.check(draft);
    const [first] = problems;
    if (first !== undefined) throw cannotBeOpened(first);
    const labs = exam?.attempts.find((each) => each.seed === seed)?.parts;
    if (!exam || labs === undefined)
      throw new UserError(
        "bad-draft",
        `A draft of an exam is tried with a seed from 1 to ${DRAWS}: nothing was begun.`,
      );
    const { title, minutes, pass } = exam;
    const plan = { title, minutes, pass, labs };
    return this.#options.attempts.startDraftExam({ of: draft.name, seed, plan }, { owner });
  }

  save(name: string, order: SaveLab, by: string): Promise<StoredLab> {
    const saved = this.#saving.then(() => this.#save(name, order, by));
    this.#saving = saved.catch(() => {});
    return saved;
  }

  async stop(): Promise<void> {
    this.#hands.stop();
    this.#bench.stop();
    const closed = [...this.#proving].map((lines) => once(lines.destroy(), "close"));
    await Promise.all([this.#saving, ...closed]);
  }

  async #save(name: string, { files, base }: SaveLab, by: string): Promise<StoredLab> {
    const { folder, now } = this.#options;
    if (folder === undefined)
      throw new UserError(
        "no-authoring-folder",
        "This server has no folder for labs that are written in the page: nothing was saved.",
        "Your draft is kept in this browser. Start the server with --authoring DIR or DRYDOCK_AUTHORING=DIR.",
      );
    if (Object.hasOwn(files, "lab.yaml") === isExam(files))
      throw new UserError(
        "bad-draft",
        "A lab is a folder with a lab.yaml, an exam one with an exam.yaml: nothing was saved.",
      );
    await this.#refuseTwin(folder, name, isExam(files) ? "exam.yaml" : "lab.yaml");
    try {
      await mkdir(folder, { recursive: true });
      const before = await readLab(folder, name);
      const there = before === undefined ? null : labHash(before);
      if (there !== base && there !== labHash(files))
        throw new UserError(
          "changed-on-disk",
          there === null
            ? `The folder ${name} is gone from ${folder}: nothing was written.`
            : `${name} was changed elsewhere since you opened it, by another author or on disk: nothing was written.`,
          "Your draft is kept. Look at the differences, then choose which of the two stays.",
        );
      // Also what somebody wrote there with another editor.
      if (before !== undefined) await this.#kept.keep(name, before, "another editor", now());
      await writeLab(folder, name, files, before ?? {});
      await this.#kept.keep(name, files, by, now());
    } catch (error) {
      throw error instanceof UserError ? error : notWritten(folder, error as NodeJS.ErrnoException);
    }
    return this.lab(name);
  }

  /** Learners start a lab or an exam by its id, so no other may have it. */
  async #refuseTwin(folder: string, name: string, file: "lab.yaml" | "exam.yaml"): Promise<void> {
    const id = basename(name);
    for (const root of new Set([this.#options.labs, folder]))
      for (const topic of await readdir(root).catch(() => [] as string[])) {
        const other = `${topic}/${id}`;
        if (other === name && root === folder) continue;
        if (await exists(join(root, other, file)))
          throw new UserError(
            "bad-draft",
            `There is ${other} already, and two labs or exams cannot have the same id: nothing was saved.`,
            "Your draft is kept. Copy it under another name, then save that.",
          );
      }
  }

  async #find(
    name: string,
  ): Promise<{ origin: LabRoot["origin"]; files: Readonly<Record<string, string>> } | undefined> {
    for (const { origin, path } of this.#roots()) {
      const files = await readLab(path, name);
      if (files !== undefined) return { origin, files };
    }
    return undefined;
  }

  #roots(): LabRoot[] {
    const { folder, labs } = this.#options;
    const own: LabRoot[] = folder === undefined ? [] : [{ origin: "own", path: folder }];
    return folder === labs ? own : [...own, { origin: "box", path: labs }];
  }
}

function withProof(
  { files, ...lab }: ListedLab,
  proofs: ReadonlyMap<string, ProofRecord>,
  byName: ReadonlyMap<string, ProofRecord>,
): AuthoredLab {
  const hash = labHash(files);
  const exact = proofs.get(hash);
  const last = exact ?? byName.get(lab.name) ?? null;
  const proof = exact ? (exact.holds ? "proved" : "failing") : last ? "changed" : "unproved";
  return { ...lab, hash, proof, last };
}

/** An exam stands as the worst of its labs does. */
function provedByLabs(labs: readonly AuthoredLab[]): AuthoredLab[] {
  const proofs = new Map(labs.filter(({ kind }) => kind === "lab").map(({ name, proof }) => [basename(name), proof]));
  return labs.map((lab) => {
    if (lab.kind === "lab") return lab;
    const its = lab.labs.map((id) => proofs.get(id) ?? "unproved");
    const proof = (["failing", "unproved", "changed"] as const).find((each) => its.includes(each));
    return { ...lab, proof: proof ?? (its.length === 0 ? "unproved" : "proved") };
  });
}

function cannotBeOpened({ file, line, column, message }: LabProblem): UserError {
  return new UserError(
    "bad-draft",
    `The draft cannot be opened: ${file}:${line}:${column}: ${message}`,
    "What you wrote is kept. Mend it, then try it again.",
  );
}

function notWritten(folder: string, { code, message }: NodeJS.ErrnoException): UserError {
  const full = code === "ENOSPC" || code === "EDQUOT";
  const why = full ? "the disk is full" : message;
  return new UserError(
    full ? "storage-full" : "storage-failed",
    `The lab was not saved in ${folder}: ${why}.`,
    "Your draft is kept in this browser. Make the folder writable for the server, then save again.",
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
