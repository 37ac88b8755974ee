import { z } from "zod";

export const Level = z.enum(["easy", "medium", "hard"]);
export type Level = z.infer<typeof Level>;

/** A lab as a list shows it. */
export const LabSummary = z.strictObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  topics: z.array(z.string()),
  level: Level,
  minutes: z.number(),
  points: z.number(),
  tasks: z.number(),
});
export type LabSummary = z.infer<typeof LabSummary>;

/** An exam as a list shows it. `pass` is the pass line in percent; weights are shares of the whole, in any unit. */
export const ExamSummary = z.strictObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  minutes: z.number(),
  pass: z.number(),
  labs: z.array(
    z.strictObject({
      lab: z.string(),
      title: z.string(),
      weight: z.number(),
      /** What its host is called on the exam's base; drawn, if this is missing. */
      host: z.string().optional(),
    }),
  ),
  /** Labs that each attempt draws behind those: so many with one of the topics, each with this weight. */
  draw: z.array(
    z.strictObject({ topics: z.array(z.string()), level: Level.optional(), count: z.number(), weight: z.number() }),
  ),
});
export type ExamSummary = z.infer<typeof ExamSummary>;

/** All labs and exams that can be started, and what is wrong with the files of others (`file:line:column: …`). */
export const LabCatalogue = z.strictObject({
  labs: z.array(LabSummary),
  exams: z.array(ExamSummary),
  problems: z.array(z.string()),
});
export type LabCatalogue = z.infer<typeof LabCatalogue>;

export const QuestionText = z.strictObject({
  id: z.string(),
  ask: z.string(),
  kind: z.enum(["text", "number", "address", "mac", "choice"]),
  choices: z.array(z.string()).optional(),
  points: z.number(),
});

export const HintText = z.strictObject({ text: z.string(), costs: z.number() });

/** A page that may be read during a lab: elsewhere, or one of ours (Markdown). */
export const DocumentationPage = z.union([
  z.strictObject({ title: z.string(), url: z.string() }),
  z.strictObject({ title: z.string(), text: z.string() }),
]);
export type DocumentationPage = z.infer<typeof DocumentationPage>;

/** What a lab says for a seed, in Markdown. `hints` and `explain` are not for learners before their time. */
export const LabText = z.strictObject({
  id: z.string(),
  title: z.string(),
  level: Level,
  minutes: z.number(),
  seed: z.number(),
  /** Where its terminals start. */
  host: z.string(),
  user: z.string(),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      points: z.number(),
      prompt: z.string(),
      questions: z.array(QuestionText),
      hints: z.array(HintText),
    }),
  ),
  /** Attempts that were started before there was this have none. */
  docs: z.array(DocumentationPage).optional(),
  explain: z.string(),
  /** Missing in texts that older versions stored, and so is `version`. */
  topics: z.array(z.string()).optional(),
  /** Of the lab's files: changes when one of them does. */
  version: z.string().optional(),
});
export type LabText = z.infer<typeof LabText>;
