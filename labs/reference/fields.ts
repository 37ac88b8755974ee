import type { z } from "zod";
import {
  Answer,
  Check,
  CHECK_KINDS,
  Destination,
  Matcher,
  Outcome,
  PlaceSpec,
  Question,
  Source,
} from "../../grader/index.ts";
import { FAULTS } from "../faults/index.ts";
import { ClusterChoice } from "../schema/cluster.ts";
import { DocumentationLink, Hint, Lab, SetupStep, Task } from "../schema/lab.ts";
import { Variant, When } from "../schema/variants.ts";
import { alternativesOf, fieldsOf, inlineObjects, isObject, typeWords, wordsOf } from "./schema-words.ts";

type Schema = z.core.$ZodType;

/** The reference of every field, check and fault, as Markdown, made of the schemas that files are checked with. */
export function fieldReference(): string {
  const sections = [
    "# Reference of lab files",
    "Made by `npm run -s drydock -- labs reference --write` from the schemas that files are checked with: change those. How to write a lab: [README](README.md).",
    section(2, "lab.yaml", "A lab.", Lab),
    section(3, "Cluster", wordsOf(ClusterChoice), ClusterChoice),
    section(3, "Variant", "What is drawn from the seed.", Variant),
    section(3, "When", wordsOf(When), When),
    section(3, "Documentation link", wordsOf(DocumentationLink), DocumentationLink),
    section(
      2,
      "Setup step",
      "Each step is exactly one of these, with `when` beside it if it depends on the draw.",
      SetupStep,
    ),
    section(2, "Task", "", Task),
    section(3, "Hint", "", Hint),
    section(3, "Question", "", Question),
    section(3, "Answer", wordsOf(Answer), Answer),
    section(2, "Check", "A check has the first five fields and exactly one of the others.", Check, false),
    ...Object.entries(CHECK_KINDS).map(([kind, schema]) => section(3, kind, checkWords(kind), schema)),
    section(3, "Source", wordsOf(Source), Source),
    section(3, "Place", wordsOf(PlaceSpec), PlaceSpec),
    section(3, "Destination", wordsOf(Destination), Destination),
    section(3, "Outcome", wordsOf(Outcome), Outcome),
    section(3, "Matcher", wordsOf(Matcher), Matcher),
    "## Faults",
    "A step `fault: { NAME: { PARAMETERS } }` makes one of these mistakes, by editing what an administrator could have edited.",
    ...faultSections(),
  ];
  return `${sections.join("\n\n")}\n`;
}

function checkWords(kind: string): string {
  const field = fieldsOf(Check).find(({ name }) => name === kind);
  return field?.words ?? "";
}

function section(depth: number, title: string, words: string, schema: Schema, below = true): string {
  const parts = [`${"#".repeat(depth)} ${title}`, ...(words === "" ? [] : [words])];
  const alternatives = alternativesOf(schema);
  const [only] = alternatives;
  if (alternatives.length === 1 && only && isObject(only)) parts.push(table(only));
  else parts.push(alternatives.map(alternative).join("\n"));
  const inner = below ? alternatives.flatMap((one) => inlineObjects(one, "")) : [];
  for (const [path, one] of inner) parts.push(`\`${path}\`:\n\n${table(one)}`);
  return parts.join("\n\n");
}

/** One of several ways to write a value, as an item of a list. */
function alternative(schema: Schema): string {
  if (!isObject(schema)) {
    const words = wordsOf(schema);
    return `- ${typeWords(schema, false)}${words === "" ? "" : `: ${words}`}`;
  }
  const fields = fieldsOf(schema);
  const head = `- \`{ ${fields.map(({ name, required }) => (required ? name : `${name}?`)).join(", ")} }\``;
  return [
    head,
    ...fields.map(({ name, type, fallback, words }) => {
      const usual = fallback === undefined ? "" : `, by default \`${fallback}\``;
      return `  - \`${name}\` (${type}${usual})${words === "" ? "" : `: ${words}`}`;
    }),
  ].join("\n");
}

function table(schema: Schema): string {
  const rows = fieldsOf(schema).map(({ name, type, required, fallback, words }) => {
    const usual = required
      ? "required"
      : fallback === undefined || fallback === "[]" || fallback === "{}"
        ? ""
        : `\`${fallback}\``;
    return `| \`${name}\` | ${type.replaceAll("|", "\\|")} | ${usual} | ${words.replaceAll("|", "\\|")} |`;
  });
  return ["| field | value | default | what it is |", "|---|---|---|---|", ...rows].join("\n");
}

function faultSections(): string[] {
  const byName = Object.values(FAULTS).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const areas = [...Map.groupBy(byName, ({ area }) => area)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return areas.flatMap(([area, faults]) => [
    `### Faults: ${area}`,
    ...faults.map(({ name, words, schema, symptom, repair }) =>
      [
        `**\`${name}\`**: ${words}.`,
        fieldsOf(schema).length > 0 ? table(schema) : "It has no parameters: `{}`.",
        `*Seen as:* ${symptom}.\n*Repair:* ${repair}.`,
      ].join("\n\n"),
    ),
  ]);
}
