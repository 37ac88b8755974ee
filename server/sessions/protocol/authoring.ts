/** What the authoring page reads and writes over HTTP, and what the thread is asked that reads and proves drafts. */
import { z } from "zod";
import { Level } from "./lab.ts";

const WORD = "[a-z][a-z0-9-]{0,62}";

/** A lab's place below a folder of labs: `services/lost-endpoints`. */
export const LabName = z
  .string()
  .regex(new RegExp(`^${WORD}/${WORD}$`), "a lab is called topic/name: lower-case words joined by -");
export type LabName = z.infer<typeof LabName>;

/** A file's path in its lab's folder: `setup/shop.yaml`. No part of it begins with a dot, so it leads nowhere else. */
export const LabFile = z
  .string()
  .max(120, "a path has at most 120 characters")
  .regex(
    /^(?:[A-Za-z0-9][\w.-]*\/){0,3}[A-Za-z0-9][\w.-]*$/,
    "a file is called by letters, digits, '.', '-' and '_', in at most three folders joined by /",
  );

/** Characters of one file, of all files, and how many files a lab may have. */
export const DRAFT_LIMITS = { file: 256 * 1024, all: 512 * 1024, files: 64 } as const;

/** All files of a lab by their paths. */
export const LabFiles = z
  .record(LabFile, z.string().max(DRAFT_LIMITS.file, `a file has at most ${DRAFT_LIMITS.file / 1024} kB`))
  .refine((files) => Object.keys(files).length <= DRAFT_LIMITS.files, `a lab has at most ${DRAFT_LIMITS.files} files`)
  .refine(
    (files) => Object.values(files).reduce((sum, text) => sum + text.length, 0) <= DRAFT_LIMITS.all,
    `the files of a lab have at most ${DRAFT_LIMITS.all / 1024} kB together`,
  )
  .refine(
    (files) => !Object.keys(files).some((file) => Object.keys(files).some((other) => other.startsWith(`${file}/`))),
    "a file cannot be a folder as well",
  );
export type LabFiles = z.infer<typeof LabFiles>;

/** A lab as it is being written. */
export const LabDraft = z.strictObject({ name: LabName, files: LabFiles });
export type LabDraft = z.infer<typeof LabDraft>;

/** Whether a lab's proofs hold: of these very files, or the last time that it was proved with others. */
export const ProofRecord = z.strictObject({
  name: z.string(),
  /** Of the files that were proved. */
  hash: z.string(),
  holds: z.boolean(),
  cases: z.number(),
  failed: z.number(),
  seeds: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
});
export type ProofRecord = z.infer<typeof ProofRecord>;

/** `own`: in the folder that can be written. `box`: can only be read. */
export const LabOrigin = z.enum(["own", "box"]);
export type LabOrigin = z.infer<typeof LabOrigin>;

export const AuthoredKind = z.enum(["lab", "exam"]);
export type AuthoredKind = z.infer<typeof AuthoredKind>;

/** A lab, or an exam: that is a folder with an `exam.yaml`, and proved by its labs. */
export const AuthoredLab = z.strictObject({
  name: LabName,
  kind: AuthoredKind,
  /** Ids of the labs that may be in an attempt at the exam; none for a lab. */
  labs: z.array(z.string()),
  origin: LabOrigin,
  title: z.string(),
  summary: z.string(),
  /** Null if it cannot be read so far. */
  level: Level.nullable(),
  points: z.number(),
  hash: z.string(),
  /** How many problems its files have. */
  problems: z.number(),
  /** `changed`: other files of this lab were proved. */
  proof: z.enum(["proved", "failing", "changed", "unproved"]),
  last: ProofRecord.nullable(),
});
export type AuthoredLab = z.infer<typeof AuthoredLab>;

export const AuthoredLabs = z.strictObject({
  /** The folder that saved labs go to; null: the operator has named none. */
  folder: z.string().nullable(),
  labs: z.array(AuthoredLab),
  /** Labs that the editor cannot open. */
  problems: z.array(z.string()),
});
export type AuthoredLabs = z.infer<typeof AuthoredLabs>;

export const LabVersion = z.strictObject({ number: z.number(), at: z.number(), by: z.string(), hash: z.string() });
export type LabVersion = z.infer<typeof LabVersion>;

/** A lab as it is on disk, and what was saved before, the newest first. */
export const StoredLab = z.strictObject({
  name: LabName,
  origin: LabOrigin,
  hash: z.string(),
  files: z.record(z.string(), z.string()),
  versions: z.array(LabVersion),
});
export type StoredLab = z.infer<typeof StoredLab>;

export const VersionFiles = z.strictObject({ files: z.record(z.string(), z.string()) });

export const SaveLab = z.strictObject({
  files: LabFiles,
  /** Hash of the files that the draft began with; null if there were none. Others on disk are not overwritten. */
  base: z.string().nullable(),
});
export type SaveLab = z.infer<typeof SaveLab>;

/** What is wrong in a file of a draft; line and column count from 1. */
export const LabProblem = z.strictObject({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  message: z.string(),
});
export type LabProblem = z.infer<typeof LabProblem>;

const ExamPart = z.strictObject({
  lab: z.string(),
  title: z.string(),
  topics: z.array(z.string()),
  level: Level.nullable(),
  minutes: z.number(),
  weight: z.number(),
  /** What the exam's base calls its host, if the exam says so. */
  host: z.string().optional(),
});

/** What an `exam.yaml` makes of the labs that there are. */
export const ExamPreview = z.strictObject({
  title: z.string(),
  minutes: z.number(),
  /** In percent. */
  pass: z.number(),
  tasks: z.array(z.strictObject({ lab: z.string(), weight: z.number() })),
  draw: z.array(
    z.strictObject({
      topics: z.array(z.string()),
      level: Level.nullable(),
      count: z.number(),
      weight: z.number(),
      /** How many labs it draws from. */
      fits: z.number(),
    }),
  ),
  /** The labs of an attempt, for seed 1 on. */
  attempts: z.array(z.strictObject({ seed: z.number(), parts: z.array(ExamPart) })),
});
export type ExamPreview = z.infer<typeof ExamPreview>;

/** What the loader says of a draft, and what its variants draw. */
export const DraftCheck = z.strictObject({
  problems: z.array(LabProblem),
  /** The values for seed 1 on, by the name that stands between braces. Empty if they cannot be drawn. */
  draws: z.array(z.strictObject({ seed: z.number(), values: z.record(z.string(), z.string()) })),
  /** Null for a lab, and for an exam that cannot be read. */
  exam: ExamPreview.nullable(),
  /** Hash of the files that were read. */
  hash: z.string(),
});
export type DraftCheck = z.infer<typeof DraftCheck>;

/** Seeds whose values are shown. */
export const DRAWS = 8;

export const ProveDraft = LabDraft.extend({ seeds: z.int().min(1).max(20).default(3) });
export type ProveDraft = z.infer<typeof ProveDraft>;

export const TryDraft = LabDraft.extend({ seed: z.int().min(1).max(2_147_483_647).optional() });
export type TryDraft = z.infer<typeof TryDraft>;

/** A case: what is played before a lab is graded, with one seed. */
const Case = z.strictObject({
  seed: z.number(),
  /** `untouched`, or the proof's file. */
  case: z.string(),
  /** Checks that a wrong solution says it fails; null if it is none. */
  fails: z.array(z.string()).nullable(),
});

/** What comes of proving, a line each, while it is done. The last one is `judged` or `ended`. */
export const ProofEvent = z.discriminatedUnion("kind", [
  /** What will be played. */
  z.strictObject({
    kind: z.literal("plan"),
    checks: z.array(z.strictObject({ id: z.string(), says: z.string(), points: z.number() })),
    cases: z.array(Case),
  }),
  z.strictObject({
    kind: z.literal("row"),
    seed: z.number(),
    case: z.string(),
    score: z.number(),
    of: z.number(),
    /** Checks and questions that did not pass. */
    failed: z.array(z.string()),
    holds: z.boolean(),
    ms: z.number(),
    /** What does not hold, with what was typed and the report. */
    problems: z.array(z.string()),
  }),
  /** All cases were played. `weak` says what no proof would notice. */
  z.strictObject({ kind: z.literal("judged"), holds: z.boolean(), weak: z.array(z.string()), record: ProofRecord }),
  /** Nothing more comes: the lab cannot be set up, or it took too long. */
  z.strictObject({ kind: z.literal("ended"), message: z.string(), problems: z.array(LabProblem) }),
]);
export type ProofEvent = z.infer<typeof ProofEvent>;

/** Whether files are an exam's. */
export function isExam(files: Readonly<Record<string, string>>): boolean {
  return Object.hasOwn(files, "exam.yaml");
}

/** A folder of labs, as the thread is told of it. */
export interface LabRoot {
  readonly origin: LabOrigin;
  readonly path: string;
}

/** What the thread is asked; it is trusted, so these are types only. */
export type AuthoringOrder =
  | { readonly kind: "list"; readonly roots: readonly LabRoot[] }
  | { readonly kind: "template"; readonly of: AuthoredKind; readonly id: string }
  | { readonly kind: "schema"; readonly of: AuthoredKind }
  | { readonly kind: "check"; readonly draft: LabDraft; readonly roots: readonly LabRoot[] }
  /** Opens the draft's world and lets it go. */
  | { readonly kind: "rehearse"; readonly draft: LabDraft; readonly seed: number }
  | { readonly kind: "prove"; readonly draft: LabDraft; readonly seeds: number };

export type ListedLab = Omit<AuthoredLab, "hash" | "proof" | "last"> & { readonly files: LabFiles };

/** What the thread answers: `prove` has many answers, the others one. */
export type AuthoringAnswer =
  | { readonly kind: "list"; readonly labs: readonly ListedLab[]; readonly problems: readonly string[] }
  | { readonly kind: "template"; readonly files: LabFiles }
  | { readonly kind: "schema"; readonly text: string }
  | { readonly kind: "check"; readonly check: Omit<DraftCheck, "hash"> }
  | { readonly kind: "rehearse"; readonly problems: readonly LabProblem[] }
  | { readonly kind: "plan"; readonly plan: Extract<ProofEvent, { kind: "plan" }> }
  | { readonly kind: "row"; readonly row: Extract<ProofEvent, { kind: "row" }> }
  | { readonly kind: "judged"; readonly holds: boolean; readonly weak: readonly string[] }
  | { readonly kind: "unprovable"; readonly problems: readonly LabProblem[] }
  | { readonly kind: "bug"; readonly message: string };
