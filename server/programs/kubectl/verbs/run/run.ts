import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { Aggregate, GoError } from "../../errors/go-error.ts";
import { isFailure, quote, type Failure } from "../../output/index.ts";
import { withLastApplied } from "../../patch/last-applied.ts";
import { overridden } from "../../patch/overrides.ts";
import { dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, type ObjectPrinter } from "../../printing/print-flags.ts";
import { namesOf } from "../../resource/arguments.ts";
import { causeOf, withCause } from "../../printing/record.ts";
import { findResources } from "../../resource/builder.ts";
import { nameOf, namespaceOf, withNamespace } from "../../resource/info.ts";
import { cascadeOf, type PropagationPolicy } from "../delete/cascade.ts";
import { deleteResult } from "../delete/delete-result.ts";
import { attachAndWait } from "./attach-and-wait.ts";
import { RUN_FLAGS } from "./flags.ts";
import { runPod, runService } from "./pod.ts";
import { IMAGE_REFERENCE } from "./reference.ts";

type Run = Invocation<typeof RUN_FLAGS>;

interface Options {
  readonly attach: boolean;
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
  readonly cascade: PropagationPolicy;
  readonly namespace: string;
  readonly explicitNamespace: boolean;
}

interface Made {
  readonly object: JsonObject;
  readonly mapping: Mapping;
}

export const run = command({
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  summary: "Run a particular image on the cluster",
  about: "Create and run a particular image in a pod.",
  examples: `# A web server
kubectl run web --image=nginx --port=80

# A shell to look around with, gone afterwards
kubectl run -it probe --image=busybox --rm --restart=Never -- sh

# The manifest only
kubectl run web --image=nginx --dry-run=client -o yaml`,
  flags: RUN_FLAGS,
  required: ["image"],
  complete,
  validate,
  run: runRun,
});

async function complete({ flags, given, factory, process }: Run): Promise<Options | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  factory.config.checkNamed();
  const { name: namespace, explicit } = factory.config.namespace();
  const printer = objectPrinter(process, flags, {
    operation: operationOf("created", dryRun),
    typed: true,
  });
  if (isFailure(printer)) return printer;
  const cascade = await cascadeOf(process, flags.cascade);
  if (isFailure(cascade)) return cascade;
  const attach = given.has("attach") ? flags.attach : flags.attach || flags.stdin;
  return { attach, dryRun, printer, cascade, namespace, explicitNamespace: explicit };
}

function validate({ attach, dryRun }: Options, invocation: Run): Failure | undefined {
  const { flags, args, dash } = invocation;
  const usage = (message: string): Failure => usageError(invocation, message);
  if (args.length === 0 || dash === 0) return usage("NAME is required for run");
  if (flags["pod-running-timeout"] <= 0) return usage("--pod-running-timeout must be higher than zero");
  if (flags.image === "") return { error: "--image is required" };
  if (!IMAGE_REFERENCE.test(flags.image))
    return { error: `Invalid image name ${quote(flags.image)}: invalid reference format` };
  if (flags.tty && !flags.stdin) return usage("-i/--stdin is required for containers with -t/--tty=true");
  if (flags.expose && flags.port === "") return usage("--port must be set when exposing a service");
  const { restart, "image-pull-policy": pull } = flags;
  if (restart !== "" && !["Always", "OnFailure", "Never"].includes(restart))
    return usage(`invalid restart policy: ${restart}`);
  if (!attach && flags.rm) return usage("--rm should only be used for attached containers");
  if (attach && dryRun !== "none")
    return usage(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  if (pull !== "" && !["Always", "IfNotPresent", "Never"].includes(pull))
    return usage(`invalid image pull policy: ${pull}`);
  const pod = runPod(args[0]!, [], flags);
  if (isFailure(pod)) return pod;
  if (flags.port !== "" && !/^[+-]?\d+$/.test(flags.port))
    return { error: `strconv.Atoi: parsing ${quote(flags.port)}: invalid syntax` };
  return undefined;
}

async function runRun(options: Options, invocation: Run): Promise<void> {
  const { flags, args, factory, process } = invocation;
  const name = args[0]!;
  const pod = runPod(name, args.slice(1), flags) as JsonObject;
  const created: Made[] = [await make(factory, options, invocation, pod, true)];
  const errors: GoError[] = [];
  if (flags.expose) {
    try {
      created.push(await make(factory, options, invocation, runService(name, flags), false));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      errors.push(error);
    }
  }
  if (options.attach) {
    try {
      return await attachAndWait(factory, created[0]!.object, invocation);
    } finally {
      if (flags.rm && !process.ended) await removeAll(factory, options, invocation, created);
    }
  }
  // The service is printed as it is made, the pod at the end.
  for (const { object, mapping } of created.toReversed()) {
    await emit(process, options.printer.print(object));
    if (mapping.kind === "Service" && flags.output === "yaml") await process.print("---\n");
  }
  if (errors.length > 0) throw new Aggregate(errors);
}

async function make(
  factory: Factory,
  { dryRun, namespace, explicitNamespace }: Options,
  invocation: Run,
  object: JsonObject,
  overridable: boolean,
): Promise<Made> {
  const mapper = await factory.mapper();
  const mapping = await mapper.mappingOf("", "v1", object["kind"] as string);
  const { flags } = invocation;
  const made = overridable ? overridden(mapping, object, flags) : object;
  if (isFailure(made)) throw new GoError(made.error);
  const changed = withCause(made, causeOf(invocation));
  if (dryRun === "client") return { mapping, object: explicitNamespace ? withNamespace(changed, namespace) : changed };
  const body = flags["save-config"] ? withLastApplied(changed, { keepOrder: true }) : changed;
  const helper = await factory.helper();
  const options = { fieldManager: flags["field-manager"], dryRun: dryRun === "server" };
  return { mapping, object: await helper.create({ mapping, namespace }, body, options) };
}

/** `--rm`: what was created goes away, without waiting for its end. What goes wrong with that is not told. */
async function removeAll(
  factory: Factory,
  { cascade }: Options,
  { flags }: Run,
  created: readonly Made[],
): Promise<void> {
  for (const { object, mapping } of created) {
    try {
      const result = await findResources(factory, {
        namespace: namespaceOf(object),
        selection: { tuples: namesOf(`${mapping.resource}.${mapping.group}`, [nameOf(object)]), types: [], names: [] },
        continueOnError: true,
        flatten: true,
      });
      await deleteResult(factory, result, {
        ignoreNotFound: true,
        gracePeriod: -1,
        force: false,
        cascade,
        dryRun: "none",
        output: "",
        quiet: flags.quiet,
        wait: false,
        timeout: 0,
        warnClusterScope: false,
      });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      return;
    }
  }
}
