import { rfc3339 } from "../../../sim/kernel/index.ts";
import type { CertificateSigningRequest, JsonObject } from "../../../sim/kube/api/index.ts";
import type { Helper } from "../client/helper.ts";
import { command, type Command, type Invocation } from "../cobra/command.ts";
import { bool } from "../cobra/flag.ts";
import { helpText } from "../cobra/help.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { quote, type Failure } from "../output/index.ts";
import { emit } from "../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../printing/print-flags.ts";
import { namesOf } from "../resource/arguments.ts";
import { findResources } from "../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../resource/filename-flags.ts";
import type { Info } from "../resource/info.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  force: bool("Update the request even if this was decided before."),
} as const;

/** What is said about a request, and what must not have been said before. */
interface Decision {
  readonly type: "Approved" | "Denied";
  readonly opposite: "Approved" | "Denied";
  readonly reason: string;
  readonly message: string;
}

const RETRIES = 10;

const approve = decisionCommand("approve", "Approve a certificate signing request", {
  type: "Approved",
  opposite: "Denied",
  reason: "KubectlApprove",
  message: "This CSR was approved by kubectl certificate approve.",
});
const deny = decisionCommand("deny", "Deny a certificate signing request", {
  type: "Denied",
  opposite: "Approved",
  reason: "KubectlDeny",
  message: "This CSR was denied by kubectl certificate deny.",
});

/** kubectl pkg/cmd/certificates/certificates.go */
export const certificate: Command = {
  use: "certificate SUBCOMMAND",
  summary: "Modify certificate resources",
  about: "Modify certificate resources.",
  flags: {},
  subcommands: [
    { name: "approve", summary: approve.summary, load: () => Promise.resolve(approve) },
    { name: "deny", summary: deny.summary, load: () => Promise.resolve(deny) },
  ],
  complete: () => ({}),
  async run(_, { process, path }) {
    await process.print(helpText(certificate, path));
  },
};

function decisionCommand(name: string, summary: string, decision: Decision): Command {
  return command({
    use: `certificate ${name} (-f FILENAME | NAME)`,
    summary,
    about: `${summary}.`,
    examples: `# The request of jane\nkubectl certificate ${name} jane`,
    flags: FLAGS,
    complete: ({ flags, process }): ObjectPrinter | Failure =>
      objectPrinter(process, flags, { operation: decision.type.toLowerCase() }),
    validate: (_, { args, flags }) =>
      args.length === 0 && noFiles(filenameOptions(flags))
        ? { error: "one or more CSRs must be specified as <name> or -f <filename>" }
        : undefined,
    run: (printer, invocation) => decide(printer, invocation, decision),
  });
}

async function decide(
  printer: ObjectPrinter,
  { flags, args, factory, process }: Invocation<typeof FLAGS>,
  decision: Decision,
): Promise<void> {
  const helper = await factory.helper();
  const files = filenameOptions(flags);
  const result = await findResources(factory, {
    files,
    namespace: "",
    selection: { tuples: namesOf("certificatesigningrequests", args), types: [], names: [] },
    latest: true,
    flatten: true,
    continueOnError: true,
  });
  let found = 0;
  await result.visit(async (info) => {
    const { group, kind } = info.mapping;
    if (kind !== "CertificateSigningRequest" || group !== "certificates.k8s.io") {
      const given = group === "" ? kind : `${kind}.${group}`;
      throw new GoError(`can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${given}`);
    }
    const shown = await update(helper, info, decision, flags.force, () => rfc3339(process.now));
    found++;
    await emit(process, printer.print(shown));
  });
  if (found === 0) await process.print("No resources found\n");
}

/** Adds the condition, again if somebody else was quicker; returns the object as it was before. */
async function update(
  helper: Helper,
  { mapping, namespace, name, object }: Info,
  { type, opposite, reason, message }: Decision,
  force: boolean,
  now: () => string,
): Promise<JsonObject> {
  const place = { mapping, namespace, name };
  let before = object!;
  for (let retries = 0; ; retries++) {
    const latest = (await helper.get(place)) as unknown as CertificateSigningRequest;
    const conditions = latest.status.conditions ?? [];
    if (conditions.some((condition) => condition.type === opposite))
      throw new GoError(`certificate signing request ${quote(name)} is already ${opposite}`);
    const isDecided = conditions.some((condition) => condition.type === type);
    if (isDecided && !force) return before;
    const added = { type, status: "True", reason, message, lastUpdateTime: now(), lastTransitionTime: null };
    const status = { ...latest.status, conditions: isDecided ? conditions : [...conditions, added] };
    try {
      const body = { ...latest, status } as unknown as JsonObject;
      await helper.replace({ ...place, subresource: "approval" }, body, {});
      return before;
    } catch (error) {
      if (!isReason(error, "Conflict") || retries >= RETRIES) throw error;
      before = await helper.get(place);
    }
  }
}
