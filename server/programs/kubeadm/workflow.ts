import type { Process } from "../../sim/host/index.ts";
import type { Call, CobraFlag, Command, Given } from "./cobra/index.ts";
import { errorSaying } from "./cluster-objects.ts";
import { KubeadmError } from "./failure.ts";

/** A phase of a command, as cmd/kubeadm/app/cmd/phases/workflow has them: with steps below it, or with work of its own. */
export interface Phase<Data> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long?: string;
  readonly example?: string;
  readonly flags?: readonly string[];
  readonly run?: (data: Data) => Promise<void>;
  readonly steps?: readonly Phase<Data>[];
  /** The short words of `all`, which runs the phase with all of its steps; and its flags. */
  readonly all?: { readonly short: string; readonly flags: readonly string[]; readonly example?: string };
}

/** What the phases of a command share, and how it comes to be. */
export interface Workflow<Data extends { readonly skippedPhases: readonly string[] }> {
  readonly name: string;
  readonly phases: readonly Phase<Data>[];
  readonly flags: (names: readonly string[]) => CobraFlag[];
  readonly read: (process: Process, given: Given) => Promise<Data>;
}

type Step<Data> = readonly [phase: Phase<Data>, path: string];

/** A phase with steps says what they are. */
export const HELP = async (): Promise<void> => {};

/** `kubeadm NAME phase …` */
export function phaseCommand<Data extends { readonly skippedPhases: readonly string[] }>(
  workflow: Workflow<Data>,
): Command {
  return {
    name: "phase",
    short: `Use this command to invoke single phase of the "${workflow.name}" workflow`,
    flags: [],
    commands: workflow.phases.map((phase) => command(workflow, phase, "")),
    operands: ([first]) => (first === undefined ? undefined : `invalid subcommand: ${JSON.stringify(first)}`),
    run: async () => {
      throw new KubeadmError('missing subcommand; "phase" is not meant to be run on its own');
    },
  };
}

function command<Data extends { readonly skippedPhases: readonly string[] }>(
  workflow: Workflow<Data>,
  phase: Phase<Data>,
  above: string,
): Command {
  const { name, aliases, short, long, example, flags = [], steps, all } = phase;
  const path = `${above}${name}`;
  const own = {
    name,
    short,
    flags: workflow.flags(flags),
    ...(aliases ? { aliases } : {}),
    ...(long === undefined ? {} : { long }),
    ...(example === undefined ? {} : { example }),
  };
  const running =
    (of: readonly Step<Data>[]) =>
    async ({ process, given }: Call) =>
      runSteps(await workflow.read(process, given), of);
  if (!steps) return { ...own, run: running([[phase, path]]) };
  const commands = steps.map((step) => command(workflow, step, `${path}/`));
  if (!all) return { ...own, commands, run: HELP };
  const first: Command = {
    name: "all",
    short: all.short,
    flags: workflow.flags(all.flags),
    ...(all.example === undefined ? {} : { example: all.example }),
    run: running(stepsOf(phase)),
  };
  return { ...own, commands: [first, ...commands], run: HELP };
}

function stepsOf<Data>(phase: Phase<Data>): Step<Data>[] {
  return [[phase, phase.name], ...(phase.steps ?? []).map((step): Step<Data> => [step, `${phase.name}/${step.name}`])];
}

/** Runs phases with their steps, but for those that are to be skipped. */
export async function runPhases<Data extends { readonly skippedPhases: readonly string[] }>(
  data: Data,
  phases: readonly Phase<Data>[],
): Promise<void> {
  await runSteps(data, phases.flatMap(stepsOf));
}

async function runSteps<Data extends { readonly skippedPhases: readonly string[] }>(
  data: Data,
  steps: readonly Step<Data>[],
): Promise<void> {
  for (const [{ run }, path] of steps) {
    if (data.skippedPhases.some((skipped) => path === skipped || path.startsWith(`${skipped}/`))) continue;
    try {
      await run?.(data);
    } catch (error) {
      throw errorSaying(`error execution phase ${path}`, error);
    }
  }
}

/** What a command's help says of its phases: the short words below each other. */
export function workflowHelp<Data>(short: string, name: string, phases: readonly Phase<Data>[]): string {
  const lines = phases.flatMap((phase) => [
    ["", phase.name, phase.short] as const,
    ...(phase.steps ?? []).map((step) => ["  ", `/${step.name}`, step.short] as const),
  ]);
  const width = Math.max(...lines.map(([, word]) => word.length)) + 2;
  const list = lines.map(([indent, word, words]) => indent + word.padEnd(width) + words).join("\n");
  return `${short}\n\nThe "${name}" command executes the following phases:\n\`\`\`\n${list}\n\`\`\``;
}
