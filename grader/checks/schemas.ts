import { z } from "zod";
import { Matcher } from "../matcher.ts";
import { AnswerForm, Computed } from "./answer-spec.ts";
import { MatrixSpec } from "./matrix-spec.ts";
import { KindName, Labels, NamespaceName, ObjectReference, Place, Source, Words } from "./names.ts";
import { Path } from "./path.ts";
import { NodeSpec } from "./node-spec.ts";
import { ReachSpec } from "./reach-spec.ts";

const namespace = NamespaceName.optional();

/** One object of the API: what is at a path in it; without a path, whether it is there. */
const OneObject = z.strictObject({
  object: ObjectReference,
  namespace,
  path: Path.optional(),
  is: Matcher.describe("What is there; without a path `{ exists: true }` or `{ exists: false }`."),
});

/** Objects of a kind, all or those of a label: what is at a path in each; without a path, how many there are. */
const ManyObjects = z.strictObject({
  objects: KindName,
  namespace,
  labels: Labels.optional().describe("Only those of this label selector."),
  path: Path.optional(),
  is: Matcher.describe("What is there in each of them; without a path, how many there are."),
});

export const ObjectSpec = z.union([OneObject, ManyObjects], {
  error: "expected { object: KIND/NAME, namespace, path, is } or { objects: KIND, namespace, labels, path, is }",
});

/** A name lookup, as the resolver of the place does it. */
export const DnsSpec = z.strictObject({
  from: Source,
  name: z.string().describe("The name as a program there would ask for it: short names go through its search list."),
  type: z.enum(["A", "AAAA", "SRV", "CNAME", "PTR", "TXT"]).default("A").describe("The type of record."),
  expect: z
    .union([z.enum(["found", "not found", "no answer"]), z.strictObject({ answers: Matcher })], {
      error: "expected found, not found, no answer or { answers: … }",
    })
    .describe("What comes of it."),
});

function isExitCode(matcher: Matcher): boolean {
  if (typeof matcher === "object" && matcher !== null) return true;
  const code = Number(matcher ?? Number.NaN);
  return Number.isInteger(code) && code >= 0 && code <= 255;
}

/** A script: its exit code and output, run on a host of the lab (in a copy of it: what the script changes is forgotten). */
export const RunSpec = z.strictObject({
  on: Place,
  run: Words.describe("The script, run as root, without a terminal, for at most 60 simulated seconds."),
  exitCode: Matcher.refine(isExitCode, "expected an exit code from 0 to 255").default(0).describe("How it ends."),
  stdout: Matcher.optional().describe("What it prints, without the line ends behind it."),
});

/** A file of a machine or container: its text (without the line's end behind it), permission bits as `644`, owner as `root:root`. */
export const FileSpec = z
  .strictObject({
    path: z.string().startsWith("/").describe("The file."),
    on: Place,
    is: z
      .union([Matcher, ...Computed.options], {
        error: "expected what the text is like, or { command: { on, run } }, { field } or { object, namespace, path }",
      })
      .optional()
      .describe(
        "Its text, without the line ends behind it: a matcher, or a value that is computed in the learner's own world.",
      ),
    as: AnswerForm.optional().describe("How a computed text is compared; as `text` if nothing is said."),
    mode: Matcher.optional().describe('Its permission bits: `"644"`.'),
    owner: Matcher.optional().describe("Whose it is: `root:root`."),
  })
  .refine(
    ({ is, mode, owner }) => is !== undefined || mode !== undefined || owner !== undefined,
    "say what the file must be like: is, mode or owner",
  );

/** Events of the API, as `kubectl get events` shows them. */
export const EventSpec = z
  .strictObject({
    namespace: NamespaceName,
    about: ObjectReference.optional().describe("Only events about this object."),
    type: z.enum(["Normal", "Warning"]).optional().describe("Only events of this type."),
    reason: Matcher.optional().describe("`BackOff`, `FailedCreatePodSandBox`…"),
    message: Matcher.optional().describe("What they say."),
    is: Matcher.default({ atLeast: 1 }).describe("How many such events there are."),
  })
  .describe("How many events of the last hour are like this.");

/** What was logged: by a container, by a unit, or into a file. */
export const LogSpec = z.union(
  [
    z.strictObject({
      pods: Labels.describe("Every Pod of this label selector."),
      namespace: NamespaceName,
      container: z.string().optional().describe("Which container; the first, if missing."),
      is: Matcher.describe("Its log since it started, as `kubectl logs` prints it."),
    }),
    z.strictObject({
      pod: z.string().describe("A Pod by its name."),
      namespace: NamespaceName,
      container: z.string().optional().describe("Which container; the first, if missing."),
      is: Matcher.describe("Its log since it started, as `kubectl logs` prints it."),
    }),
    z.strictObject({
      on: z.string().describe("A machine."),
      unit: z.string().describe("The messages of a systemd unit, as its journal has them."),
      is: Matcher,
    }),
    z.strictObject({
      on: Place,
      file: z.string().startsWith("/").describe("A log file."),
      is: Matcher,
    }),
  ],
  { error: "expected { pod | pods, namespace, container, is }, { on, unit, is } or { on, file, is }" },
);

/** Something is as the lab set it up: an object (or a part of it) that was not made anew, objects of a kind, or a file. */
export const UnchangedSpec = z.union(
  [
    z.strictObject({
      object: ObjectReference,
      namespace,
      path: Path.optional().describe(
        "Only this part of it has to be the same, whether or not it was made anew; without it, it must be the same object.",
      ),
    }),
    z.strictObject({
      objects: KindName,
      namespace,
      except: z.array(z.string()).optional().describe("Names of objects that may change, go or come."),
    }),
    z.strictObject({
      everythingIn: z
        .string()
        .describe("A namespace: all that somebody made there, of any kind. What controllers make is not looked at."),
      except: z.array(ObjectReference).optional().describe("Objects that may change, go or come."),
    }),
    z.strictObject({
      file: z.string().startsWith("/").describe("A file."),
      on: z.string().describe("The machine that has it."),
    }),
  ],
  {
    error:
      "expected { object: KIND/NAME, namespace, path }, { objects: KIND, namespace, except }, { everythingIn: NAMESPACE, except } or { file, on }",
  },
);

/** What must not hold. For `reach`: not from any of the places, not to any of the addresses. */
export const ForbidSpec = z
  .strictObject({
    reach: ReachSpec.optional().describe("From none of the places, to none of the addresses."),
    object: ObjectSpec.optional().describe("As [object](#object)."),
    dns: DnsSpec.optional().describe("As [dns](#dns)."),
    file: FileSpec.optional().describe("As [file](#file)."),
    node: NodeSpec.optional().describe("As [node](#node)."),
    run: RunSpec.optional().describe("As [run](#run)."),
    event: EventSpec.optional().describe("As [event](#event)."),
    log: LogSpec.optional().describe("As [log](#log)."),
  })
  .refine(
    (inner) => Object.values(inner).filter((field) => field !== undefined).length === 1,
    "forbid has exactly one of reach, object, dns, file, node, run, event, log",
  );

export type ObjectSpec = z.infer<typeof ObjectSpec>;
export type DnsSpec = z.infer<typeof DnsSpec>;
export type RunSpec = z.infer<typeof RunSpec>;
export type FileSpec = z.infer<typeof FileSpec>;
export type EventSpec = z.infer<typeof EventSpec>;
export type LogSpec = z.infer<typeof LogSpec>;
export type UnchangedSpec = z.infer<typeof UnchangedSpec>;
export type ForbidSpec = z.infer<typeof ForbidSpec>;

/** The kinds of checks by the field that a lab names them with. */
export const CHECK_KINDS = {
  object: ObjectSpec,
  reach: ReachSpec,
  matrix: MatrixSpec,
  dns: DnsSpec,
  file: FileSpec,
  node: NodeSpec,
  run: RunSpec,
  event: EventSpec,
  log: LogSpec,
  unchanged: UnchangedSpec,
  forbid: ForbidSpec,
} as const;
export type CheckKind = keyof typeof CHECK_KINDS;

const kinds = Object.keys(CHECK_KINDS) as CheckKind[];

export const CheckId = z.string().regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -");

export const Check = z
  .strictObject({
    id: CheckId.describe("What proofs and reports call it."),
    points: z.number().positive().describe("Points if it passes."),
    says: Words.describe("What holds if it passes, as a sentence for the learner."),
    needs: z
      .array(CheckId)
      .default([])
      .describe("Checks of the same task without which this one means nothing: it is not judged if one of them fails."),
    partial: z
      .boolean()
      .default(false)
      .describe("A part of the points for a part of the places, objects or cells for which it holds."),
    object: ObjectSpec.optional().describe("What an object of the API says, or each object of a kind."),
    reach: ReachSpec.optional().describe("Real packets: who reaches what, and how that ends."),
    matrix: MatrixSpec.optional().describe("A whole table of who may reach whom."),
    dns: DnsSpec.optional().describe("A name lookup, by the resolver of the place."),
    file: FileSpec.optional().describe("What a file holds, and whose it is."),
    node: NodeSpec.optional().describe("A machine's own state, as its tools print it."),
    run: RunSpec.optional().describe("A script in a copy of the world: its exit code and what it prints."),
    event: EventSpec.optional().describe("Events of the API."),
    log: LogSpec.optional().describe("What a container, a unit or a program logged."),
    unchanged: UnchangedSpec.optional().describe("Not edited, not made anew, nothing added since the lab was set up."),
    forbid: ForbidSpec.optional().describe("Must not hold: a solution that works, but also opens X to Y."),
  })
  .refine(
    (check) => kinds.filter((kind) => check[kind] !== undefined).length === 1,
    `a check has exactly one of ${kinds.join(", ")}`,
  )
  .meta({ title: "Check" });
export type Check = z.infer<typeof Check>;

/** A check as a lab writes it, before defaults are filled in. */
export type CheckInput = z.input<typeof Check>;
