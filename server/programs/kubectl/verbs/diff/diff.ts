import { Errno, exitCode, spawnChild, type Process } from "../../../../sim/host/index.ts";
import { encode } from "../../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { findCommand } from "../../../gnu/execute.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, integer, list, text } from "../../cobra/flag.ts";
import { parseGroupVersion } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { klog } from "../../client/klog.ts";
import { ExitError, GoError, isReason } from "../../errors/go-error.ts";
import { encodeJson, isFailure, toYaml, type Failure } from "../../output/index.ts";
import { lastAppliedOf, lastAppliedText } from "../../patch/last-applied.ts";
import { threeWayPatch } from "../../patch/three-way.ts";
import { withoutManagedFields } from "../../printing/print-flags.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import { nameOf, namespaceOf, type Info } from "../../resource/info.ts";
import { fetchObject } from "../../resource/result.ts";
import { prune, pruneTypes } from "../apply/prune.ts";
import { masked } from "./masked.ts";

const MOST_TRIES = 4;
const CLIENT_SIDE = "kubectl-client-side-apply";

const FLAGS = {
  ...FILENAME_FLAGS,
  concurrency: integer("How many objects are compared at the same time.", 1),
  "field-manager": text("The name under which the change is tracked.", { initial: CLIENT_SIDE }),
  "force-conflicts": bool("With --server-side: take fields over from others."),
  prune: bool("Show what would be deleted by pruning."),
  "prune-allowlist": list("The types that --prune may delete."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  "server-side": bool("Let the server merge."),
  "show-managed-fields": bool("Compare managed fields, too."),
} as const;

export const diff = command({
  use: "diff -f FILENAME",
  summary: "Diff the live version against a would-be applied version",
  about:
    "Show what apply would change.\n\n The program is diff -u -N, or what KUBECTL_EXTERNAL_DIFF says. Exit codes: 0 no differences, 1 differences, more than 1 a failure.",
  examples: "# What a file would change\nkubectl diff -f web.yaml",
  flags: FLAGS,
  failureCode: 2,
  flagHelp: "See 'kubectl diff -h' for help and examples",
  complete(invocation): object | Failure {
    const { flags, args } = invocation;
    if (args.length > 0) return usageError(invocation, `Unexpected args: [${args.join(" ")}]`);
    if (noFiles(filenameOptions(flags))) return { error: "must specify one of -f and -k" };
    if (flags["force-conflicts"] && !flags["server-side"])
      return { error: "--force-conflicts only works with --server-side" };
    return {};
  },
  run,
});

async function run(_: unknown, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace, explicit } = factory.config.namespace();
  const [live, merged] = ["LIVE", "MERGED"].map((name) => folder(process, name)) as [string, string];
  const applied: JsonObject[] = [];
  const namespaces = new Set<string>();
  try {
    const result = await findResources(factory, {
      files: filenameOptions(flags),
      namespace,
      enforceNamespace: explicit,
      labels: flags.selector,
      flatten: true,
    });
    await result.visit(async (info) => {
      const [now, after] = await versions(factory, info, flags);
      if (now) applied.push(now);
      if (info.mapping.namespaced) namespaces.add(info.namespace);
      const shown = (object: JsonObject | undefined): JsonObject | undefined =>
        object && (flags["show-managed-fields"] ? object : withoutManagedFields(object));
      const [from, to] = masked(shown(now), shown(after)!);
      write(process, live, info, from);
      write(process, merged, info, to);
    });
    if (flags.prune) await writePruned(factory, flags, { applied, namespaces, folder: live });
    await compare(process, live, merged);
  } finally {
    if (!process.ended) for (const path of [live, merged]) remove(process, path);
  }
}

/** What pruning would delete: it is there, and will not be. */
async function writePruned(
  factory: Factory,
  flags: Invocation<typeof FLAGS>["flags"],
  place: {
    readonly applied: readonly JsonObject[];
    readonly namespaces: ReadonlySet<string>;
    readonly folder: string;
  },
): Promise<void> {
  const types = await pruneTypes(factory, flags["prune-allowlist"]);
  if (isFailure(types)) throw new GoError(types.error);
  await prune(factory, place.applied, place.namespaces, {
    types,
    selector: flags.selector,
    dryRun: "client",
    cascade: "Background",
    gracePeriod: -1,
    async say(object) {
      const mapper = await factory.mapper();
      const { group, version } = parseGroupVersion(object["apiVersion"] as string);
      const mapping = await mapper.mappingOf(group, version, object["kind"] as string);
      const info = { mapping, namespace: namespaceOf(object), name: nameOf(object) };
      const [, shown] = masked(undefined, withoutManagedFields(object));
      write(factory.process, place.folder, info, shown);
    },
  });
}

/** What the server would make of the object (kubectl pkg/cmd/diff/diff.go InfoObject.Merged). */
async function mergedObject(
  factory: Factory,
  info: Info,
  live: JsonObject | undefined,
  fieldManager: string,
): Promise<JsonObject> {
  const helper = await factory.helper();
  const { mapping, namespace, name, object } = info;
  const write = { fieldManager, dryRun: true };
  if (!live) return helper.create({ mapping, namespace }, object!, write);
  const kept = lastAppliedOf(live);
  const { type, patch } = threeWayPatch(
    mapping,
    kept === undefined ? undefined : (JSON.parse(kept) as JsonObject),
    // As util.GetModifiedConfiguration: with annotations, even if there are none.
    JSON.parse(lastAppliedText(object!)) as JsonObject,
    live,
  );
  return Object.keys(patch).length === 0
    ? live
    : helper.patch({ mapping, namespace, name }, type, encodeJson(patch), write);
}

/** The object as it is and as it would be; who changes it meanwhile is given some more tries. */
async function versions(
  factory: Factory,
  info: Info,
  flags: Invocation<typeof FLAGS>["flags"],
): Promise<[now: JsonObject | undefined, after: JsonObject]> {
  for (let tried = 1; ; tried++) {
    const now = await fetchObject(factory, info).catch((error: unknown) => {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    });
    const { group, version, kind } = info.mapping;
    if (tried === MOST_TRIES)
      await klog(
        factory.process,
        "W",
        "diff.go:723",
        `Object (${group}/${version}, Kind=${kind}: ${info.name}) keeps changing, diffing without lock`,
      );
    try {
      const after = flags["server-side"]
        ? await appliedObject(factory, info, flags["field-manager"], flags["force-conflicts"])
        : await mergedObject(factory, info, now, flags["field-manager"]);
      return [now, after];
    } catch (error) {
      if (!isReason(error, "Conflict") || tried === MOST_TRIES) throw error;
    }
  }
}

/** What server-side apply would make of it. */
async function appliedObject(
  factory: Factory,
  { mapping, namespace, name, object }: Info,
  given: string,
  force: boolean,
): Promise<JsonObject> {
  const helper = await factory.helper();
  const fieldManager = given === CLIENT_SIDE ? "kubectl" : given;
  return helper.patch({ mapping, namespace, name }, "apply", encodeJson(object!), {
    fieldManager,
    dryRun: true,
    force,
  });
}

function folder(process: Process, prefix: string): string {
  const path = `/tmp/${prefix}-${process.kernel.random.text("kubectl/diff", 10, "123456789")}`;
  process.host.files.mkdir(path, { mode: 0o700 }, process);
  return path;
}

function write(
  process: Process,
  path: string,
  { mapping, namespace, name }: Pick<Info, "mapping" | "namespace" | "name">,
  object: JsonObject | undefined,
): void {
  const yaml = object ? toYaml(object) : "";
  if (isFailure(yaml)) throw new GoError(yaml.error);
  const group = mapping.group === "" ? "" : `${mapping.group}.`;
  process.host.files.write(
    `${path}/${group}${mapping.version}.${mapping.kind}.${namespace}.${name}`,
    encode(yaml),
    {},
    process,
  );
}

async function compare(process: Process, from: string, to: string): Promise<void> {
  const external = process.env["KUBECTL_EXTERNAL_DIFF"] ?? "";
  const [program = "diff", ...given] = external === "" ? ["diff", "-u", "-N"] : external.split(" ");
  // Only harmless words are taken over from the environment.
  const words = [program, ...given.filter((word) => /^[a-zA-Z0-9-=]+$/.test(word)), from, to];
  const found = findCommand(process, words);
  if (found instanceof Errno)
    throw new GoError(
      `failed to run ${JSON.stringify(program)}: exec: ${JSON.stringify(program)}: executable file not found in $PATH`,
    );
  const child = spawnChild(process, found);
  for (;;) {
    const { change, status } = await process.wait([child]);
    if (change !== "exited") continue;
    const code = exitCode(status!);
    if (code > 1) throw new ExitError(code, `error: exit status ${code}`);
    if (code === 1) throw new ExitError(1);
    return;
  }
}

function remove(process: Process, path: string): void {
  const { files } = process.host;
  for (const name of files.list(path, process)) files.unlink(`${path}/${name}`, process);
  files.rmdir(path, process);
}
