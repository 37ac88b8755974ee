import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { duration, list, text } from "../../cobra/flag.ts";
import { SECOND } from "../../../../sim/kernel/index.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  audience: list("Whom the token is for."),
  "bound-object-kind": text("The kind of an object with which the token ends: Pod, Secret or Node."),
  "bound-object-name": text("The object's name."),
  "bound-object-uid": text("The object's uid."),
  duration: duration("How long the token lasts; the server decides if it is not given.", 0),
} as const;

const BOUND: Readonly<Record<string, string>> = { Pod: "v1", Secret: "v1", Node: "v1" };

interface Options {
  readonly name: string;
  readonly printer: ObjectPrinter | undefined;
}

export const token = command({
  use: "create token SERVICE_ACCOUNT_NAME",
  summary: "Request a service account token",
  about: "Request a service account token.",
  examples: "# For the account bot, for ten minutes\nkubectl create token bot --duration 10m",
  flags: FLAGS,
  arguments: { kind: "names", type: "serviceaccount" },
  complete,
  validate,
  run,
});

function complete(invocation: Invocation<typeof FLAGS>): Options | Failure {
  const { args, flags, process } = invocation;
  if (args.length !== 1) return usageError(invocation, `exactly one NAME is required, got ${args.length}`);
  const printer = flags.output === "" && flags.template === "" ? undefined : objectPrinter(process, flags);
  return isFailure(printer) ? printer : { name: args[0]!, printer };
}

function validate({ name }: Options, { flags, given }: Invocation<typeof FLAGS>): Failure | undefined {
  const { "bound-object-kind": kind, "bound-object-name": object, "bound-object-uid": uid } = flags;
  if (name === "") return { error: "service account name is required" };
  if (flags.duration < 0) return { error: "--duration must be greater than or equal to 0" };
  if (given.has("duration") && flags.duration % SECOND !== 0)
    return { error: "duration cannot be expressed in units less than seconds" };
  if (flags.audience.includes("")) return { error: "--audience must not be an empty string" };
  if (kind === "") {
    if (object !== "") return { error: "--bound-object-name can only be set if --bound-object-kind is provided" };
    return uid === "" ? undefined : { error: "--bound-object-uid can only be set if --bound-object-kind is provided" };
  }
  if (BOUND[kind] === undefined)
    return { error: `supported --bound-object-kind values are ${Object.keys(BOUND).sort().join(", ")}` };
  return object === "" ? { error: "--bound-object-name is required if --bound-object-kind is provided" } : undefined;
}

async function run({ name, printer }: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace } = factory.config.namespace();
  const { "bound-object-kind": kind, "bound-object-name": object, "bound-object-uid": uid } = flags;
  const helper = await factory.helper();
  const spec = {
    audiences: flags.audience.length > 0 ? [...flags.audience] : null,
    expirationSeconds: flags.duration > 0 ? flags.duration / SECOND : null,
    boundObjectRef:
      kind === "" ? null : { kind, apiVersion: BOUND[kind]!, name: object, ...(uid === "" ? {} : { uid }) },
  };
  const mapping = { group: "", version: "v1", resource: "serviceaccounts", kind: "ServiceAccount", namespaced: true };
  let response;
  try {
    response = await helper.create(
      { mapping, namespace, name, subresource: "token" },
      {
        kind: "TokenRequest",
        apiVersion: "authentication.k8s.io/v1",
        metadata: { creationTimestamp: null },
        spec,
        status: { token: "", expirationTimestamp: null },
      },
      {},
    );
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`failed to create token: ${error.message}`);
    throw error;
  }
  const { token: text = "" } = (response["status"] ?? {}) as { token?: string };
  if (text === "") throw new GoError("failed to create token: no token in server response");
  if (printer) return emit(process, printer.print(response));
  await process.print(process.isTty(1) ? `${text}\n` : text);
}
