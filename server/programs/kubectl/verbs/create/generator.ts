import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import { command, usageError, type Command, type Invocation } from "../../cobra/command.ts";
import { bool, text, type Flags, type ValuesOf } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { withLastApplied } from "../../patch/last-applied.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";

/** The flags of every `create TYPE`. */
export const GENERATOR_FLAGS = {
  ...PRINT_FLAGS,
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-create" }),
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  validate: VALIDATE,
} as const;

/** What an object is made of besides its flags. */
export interface GeneratorInput<F extends Flags> {
  readonly name: string;
  /** Words behind the name. */
  readonly words: readonly string[];
  /** Set only if `-n` was given. */
  readonly namespace: string | undefined;
  readonly flags: ValuesOf<F>;
  readonly given: ReadonlySet<string>;
  readonly invocation: Invocation<F & typeof GENERATOR_FLAGS>;
}

/** A `create TYPE NAME`: how its object is made, as a Go struct with its fields in order (kubectl pkg/cmd/create/create_*.go). */
export interface Generator<F extends Flags> extends Pick<
  Command<F>,
  "use" | "summary" | "about" | "examples" | "aliases" | "required"
> {
  readonly flags: F;
  readonly mapping: Mapping;
  /** What stands before a refusal of the server; nothing lets it stand as it is. */
  readonly failure?: string;
  readonly build: (input: GeneratorInput<F>) => JsonObject | Failure | Promise<JsonObject | Failure>;
}

interface Options {
  readonly object: JsonObject;
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
  readonly namespace: string;
  readonly validation: string;
}

/** The command of a generator. */
export function generator<const F extends Flags>(definition: Generator<F>): Command {
  const { mapping, build, failure, flags, ...help } = definition;
  return command({
    ...help,
    flags: { ...GENERATOR_FLAGS, ...flags },
    complete: (invocation) => complete(build, invocation as unknown as Invocation<F & typeof GENERATOR_FLAGS>),
    run: (options: Options, invocation) =>
      run(mapping, failure, options, invocation as unknown as Invocation<typeof GENERATOR_FLAGS>),
  });
}

async function complete<F extends Flags>(
  build: Generator<F>["build"],
  invocation: Invocation<F & typeof GENERATOR_FLAGS>,
): Promise<Options | Failure> {
  const { args, dash, factory, process, given } = invocation;
  const flags = invocation.flags as ValuesOf<typeof GENERATOR_FLAGS>;
  const named = dash < 0 ? args.length : dash;
  if (named !== 1) return usageError(invocation, `exactly one NAME is required, got ${named}`);
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  factory.config.checkNamed();
  const { name: namespace, explicit } = factory.config.namespace();
  const printer = objectPrinter(process, flags, { operation: operationOf("created", dryRun), typed: true });
  if (isFailure(printer)) return printer;
  const validation = validationOf(flags.validate);
  if (isFailure(validation)) return validation;
  // The client is made in any case, and says so.
  if (factory.globals.v >= 1) await factory.client();
  const object = await build({
    name: args[0]!,
    words: args.slice(1),
    namespace: explicit ? namespace : undefined,
    flags: invocation.flags,
    given,
    invocation,
  });
  if (isFailure(object)) return object;
  const saved = flags["save-config"] ? withLastApplied(object, { keepOrder: true }) : object;
  return { object: saved, dryRun, printer, namespace, validation };
}

async function run(
  mapping: Mapping,
  failure: string | undefined,
  options: Options,
  { factory, process, flags }: Invocation<typeof GENERATOR_FLAGS>,
): Promise<void> {
  const { object, dryRun, printer, namespace, validation } = options;
  if (dryRun === "client") return emit(process, printer.print(object));
  const helper = await factory.helper();
  let created: JsonObject;
  try {
    created = await helper.create({ mapping, namespace }, object, {
      fieldManager: flags["field-manager"],
      fieldValidation: validation,
      dryRun: dryRun === "server",
    });
  } catch (error) {
    if (failure === undefined || !(error instanceof GoError)) throw error;
    throw new GoError(`${failure}${error.message}`);
  }
  await emit(process, printer.print({ ...created, kind: mapping.kind, apiVersion: object["apiVersion"]! }));
}
