import { SECOND, type Time } from "../../sim/kernel/index.ts";
import type { Process } from "../../sim/host/index.ts";
import type { JsonObject } from "../../sim/kube/api/index.ts";
import { Api, isNamespaced, type Manifest } from "./api.ts";
import { render, unknownValue, type Rendered } from "./chart.ts";
import { findChart } from "./find-chart.ts";
import { printStatus } from "./inspect.ts";
import type { HelmOptions } from "./options.ts";
import { goTime, manifestText, readReleases, releaseSecret, secretName, type Release } from "./release.ts";
import { waitReady } from "./wait.ts";
import { isTable, merge, readValues, type Values } from "./values.ts";

const namespaceOf = ({ values }: HelmOptions): string => values.get("namespace") ?? "default";

/** Says why it failed; the exit code. */
async function fail(process: Process, text: string, code = 1): Promise<number> {
  await process.error(text.startsWith("drydock: ") ? `${text}\n` : `Error: ${text}\n`);
  return text.startsWith("drydock: ") ? 64 : code;
}

/** A chart with its values; a string says what is wrong. */
async function prepare(
  process: Process,
  options: HelmOptions,
  chart: string,
  under: Values = {},
): Promise<{ found: Parameters<typeof render>[0]; config: Values } | string> {
  const values = await readValues(process, options.files, options.sets);
  if ("error" in values && typeof values["error"] === "string" && Object.keys(values).length === 1)
    return values["error"];
  const found = await findChart(process, chart, options);
  if ("error" in found) return found.error;
  const config = merge(under, values);
  const unknown = unknownValue(config);
  if (unknown !== undefined) return `drydock: helm: value '${unknown}' of chart ingress-nginx is not simulated`;
  return { found: found.chart, config };
}

export async function template(process: Process, options: HelmOptions): Promise<number> {
  const [name, chart] = options.words.length > 1 ? (options.words as [string, string]) : ["release-name", options.words[0] ?? ""]; // prettier-ignore
  if (chart === "") return fail(process, '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]'); // prettier-ignore
  const prepared = await prepare(process, options, chart);
  if (typeof prepared === "string") return fail(process, prepared);
  const { objects, before, after } = render(prepared.found, name, namespaceOf(options), prepared.config);
  const hooks = new Set([...before, ...after]);
  await process.print(manifestText([...objects, ...hooks]));
  return 0;
}

export async function install(process: Process, options: HelmOptions): Promise<number> {
  const { words, flags } = options;
  const wrong = (text: string): Promise<number> => fail(process, text.startsWith("drydock: ") ? text : `INSTALLATION FAILED: ${text}`); // prettier-ignore
  if (words.length === 0) return fail(process, '"helm install" requires at least 1 argument\n\nUsage:  helm install [NAME] [CHART] [flags]'); // prettier-ignore
  if (words.length === 1 && !flags.has("generate-name"))
    return wrong("must either provide a name or specify --generate-name");
  const seconds = Math.trunc(process.now / SECOND);
  const [name, chart] = words.length > 1 ? (words as [string, string]) : [`${words[0]!.split("/").at(-1)!}-${seconds}`, words[0]!]; // prettier-ignore
  if (!/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 53)
    return wrong(`release name ${JSON.stringify(name)}: invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53`); // prettier-ignore
  const prepared = await prepare(process, options, chart);
  if (typeof prepared === "string") return wrong(prepared);
  const api = await Api.connect(process, async (why) => void (await wrong(why)));
  if (!api) return 1;
  const namespace = namespaceOf(options);
  const earlier = await readReleases(api, namespace, name);
  if ("error" in earlier) return wrong(earlier.error);
  if (earlier.length > 0) return wrong("cannot re-use a name that is still in use");
  const { found, config } = prepared;
  const rendered = render(found, name, namespace, config);
  const release = revision(process.now, { name, namespace, version: 1, found, config, rendered }, undefined);
  if (flags.has("dry-run")) return printed(process, { ...release, info: { ...release.info, status: "pending-install", description: "Dry run complete" } }); // prettier-ignore
  if (flags.has("create-namespace")) await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { name: namespace } } }); // prettier-ignore
  const conflict = await foreign(api, rendered.objects, name, namespace);
  if (conflict !== undefined) return wrong(`Unable to continue with install: ${conflict}`);
  const pending = { ...release, info: { ...release.info, status: "pending-install", description: "Initial install underway" } }; // prettier-ignore
  const stored = await api.create(releaseSecret(pending, seconds));
  if ("refused" in stored) return wrong(`create: failed to create: ${stored.refused.message ?? ""}`);
  const problem = (await runHooks(process, api, rendered.before, namespace, "pre-install")) ?? (await createAll(api, rendered.objects, name, namespace)) ?? (await waitReady(process, api, rendered.objects, namespace, options)) ?? (await runHooks(process, api, rendered.after, namespace, "post-install")); // prettier-ignore
  const done = problem === undefined ? release : { ...release, info: { ...release.info, status: "failed", description: `Release ${JSON.stringify(name)} failed: ${problem}` } }; // prettier-ignore
  await replaceSecret(api, done, process.now);
  if (problem !== undefined) return wrong(problem);
  return printed(process, done);
}

export async function upgrade(process: Process, options: HelmOptions): Promise<number> {
  const { words, flags } = options;
  const wrong = (text: string): Promise<number> => fail(process, text.startsWith("drydock: ") ? text : `UPGRADE FAILED: ${text}`); // prettier-ignore
  if (words.length !== 2) return fail(process, '"helm upgrade" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]'); // prettier-ignore
  const [name, chart] = words as [string, string];
  const api = await Api.connect(process, async (why) => void (await wrong(why)));
  if (!api) return 1;
  const namespace = namespaceOf(options);
  const earlier = await readReleases(api, namespace, name);
  if ("error" in earlier) return wrong(earlier.error);
  const last = earlier.at(-1);
  if (!last) {
    if (!flags.has("install")) return wrong(`${JSON.stringify(name)} has no deployed releases`);
    await process.print(`Release ${JSON.stringify(name)} does not exist. Installing it now.\n`);
    return install(process, options);
  }
  const given = options.files.length + options.sets.length > 0;
  const keeps = flags.has("reuse-values") || (!given && !flags.has("reset-values"));
  const prepared = await prepare(process, options, chart, keeps ? last.config : {});
  if (typeof prepared === "string") return wrong(prepared);
  const { found, config } = prepared;
  const rendered = render(found, name, namespace, config);
  const release = revision(process.now, { name, namespace, version: last.version + 1, found, config, rendered }, last);
  const problem = await change(process, api, last, release, rendered, "upgrade", options);
  if (problem !== undefined) return wrong(problem);
  await process.print(`Release ${JSON.stringify(name)} has been upgraded. Happy Helming!\n`);
  return printed(process, release);
}

export async function rollback(process: Process, options: HelmOptions): Promise<number> {
  const [name = "", wanted] = options.words;
  const api = await Api.connect(process, async (why) => void (await fail(process, why)));
  if (!api) return 1;
  const earlier = await readReleases(api, namespaceOf(options), name);
  if ("error" in earlier) return fail(process, earlier.error);
  const last = earlier.at(-1);
  if (!last) return fail(process, "release: not found");
  const number = wanted === undefined || wanted === "0" ? last.version - 1 : Number(wanted);
  const target = earlier.find(({ version }) => version === number);
  if (!target) return fail(process, number === 0 ? "release: not found" : `release has no ${number} version`);
  const at = goTime(process.now);
  const release: Release = {
    ...target,
    version: last.version + 1,
    info: { ...target.info, first_deployed: last.info.first_deployed, last_deployed: at, status: "deployed", description: `Rollback to ${number}` }, // prettier-ignore
  };
  const problem = await change(process, api, last, release, { objects: target.objects, before: [], after: [], notes: "" }, "rollback", options); // prettier-ignore
  if (problem !== undefined) return fail(process, problem);
  await process.print("Rollback was a success! Happy Helming!\n");
  return 0;
}

export async function uninstall(process: Process, options: HelmOptions): Promise<number> {
  if (options.words.length === 0) return fail(process, '"helm uninstall" requires at least 1 argument\n\nUsage:  helm uninstall RELEASE_NAME [...] [flags]'); // prettier-ignore
  const api = await Api.connect(process, async (why) => void (await fail(process, why)));
  if (!api) return 1;
  const namespace = namespaceOf(options);
  for (const name of options.words) {
    const earlier = await readReleases(api, namespace, name);
    if ("error" in earlier) return fail(process, earlier.error);
    const last = earlier.at(-1);
    if (!last) {
      if (options.flags.has("ignore-not-found")) continue;
      return fail(process, `uninstall: Release not loaded: ${name}: release: not found`);
    }
    for (const { kind, metadata } of last.objects.toReversed()) await api.delete(kind, placeOf(kind, metadata.namespace ?? namespace), metadata.name); // prettier-ignore
    for (const release of earlier) await api.delete("Secret", namespace, secretName(release));
    await process.print(`release ${JSON.stringify(name)} uninstalled\n`);
  }
  return 0;
}

async function printed(process: Process, release: Release): Promise<number> {
  await process.print(printStatus(release));
  return 0;
}

interface Parts {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly found: { readonly version: string; readonly appVersion: string };
  readonly config: Values;
  readonly rendered: Rendered;
}

function revision(
  now: Time,
  { name, namespace, version, found, config, rendered }: Parts,
  last: Release | undefined,
): Release {
  // prettier-ignore
  const at = goTime(now);
  return {
    name,
    namespace,
    version,
    info: {
      first_deployed: last?.info.first_deployed ?? at,
      last_deployed: at,
      deleted: "",
      description: last ? "Upgrade complete" : "Install complete",
      status: "deployed",
      notes: rendered.notes,
    },
    chart: { metadata: { name: "ingress-nginx", version: found.version, appVersion: found.appVersion } },
    config,
    manifest: manifestText(rendered.objects),
    objects: rendered.objects,
  };
}

function placeOf(kind: string, namespace: string): string {
  return isNamespaced(kind) ? namespace : "";
}

/** What of the objects is there already and not the release's own (action/validate.go existingResourceConflict). */
async function foreign(
  api: Api,
  objects: readonly Manifest[],
  name: string,
  namespace: string,
): Promise<string | undefined> {
  // prettier-ignore
  for (const { kind, metadata } of objects) {
    const place = placeOf(kind, metadata.namespace ?? namespace);
    const found = await api.get(kind, place, metadata.name);
    if (!("object" in found)) continue;
    const { labels = {}, annotations = {} } = found.object["metadata"] as Manifest["metadata"];
    const problems = [
      ["label", "app.kubernetes.io/managed-by", "Helm", labels] as const,
      ["annotation", "meta.helm.sh/release-name", name, annotations] as const,
      ["annotation", "meta.helm.sh/release-namespace", namespace, annotations] as const,
    ].flatMap(([what, key, wanted, values]) => {
      if (values[key] === wanted) return [];
      const why = values[key] === undefined ? `missing key ${JSON.stringify(key)}: must be set to ${JSON.stringify(wanted)}` : `key ${JSON.stringify(key)} must equal ${JSON.stringify(wanted)}: current value is ${JSON.stringify(values[key])}`; // prettier-ignore
      return [`${what} validation error: ${why}`];
    });
    if (problems.length > 0)
      return `${kind} ${JSON.stringify(metadata.name)} in namespace ${JSON.stringify(place)} exists and cannot be imported into the current release: invalid ownership metadata; ${problems.join("; ")}`; // prettier-ignore
  }
  return undefined;
}

function owned(object: Manifest, name: string, namespace: string): Manifest {
  const annotations = { ...object.metadata.annotations, "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace }; // prettier-ignore
  const place = isNamespaced(object.kind) ? { namespace: object.metadata.namespace ?? namespace } : {};
  return { ...object, metadata: { ...object.metadata, ...place, annotations } };
}

/** The order in which kinds are made (releaseutil.InstallOrder), as far as charts here have them. */
const ORDER = ["Namespace", "ServiceAccount", "Secret", "ConfigMap", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service", "DaemonSet", "Deployment", "Job", "IngressClass", "ValidatingWebhookConfiguration"]; // prettier-ignore

function ordered(objects: readonly Manifest[]): readonly Manifest[] {
  return objects.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

async function createAll(
  api: Api,
  objects: readonly Manifest[],
  name: string,
  namespace: string,
): Promise<string | undefined> {
  // prettier-ignore
  for (const object of ordered(objects)) {
    const made = await api.create(owned(object, name, namespace));
    if ("refused" in made) return made.refused.message ?? "";
  }
  return undefined;
}

/** Hooks: made, waited for, and taken away again when they have succeeded (before-hook-creation,hook-succeeded). */
async function runHooks(
  process: Process,
  api: Api,
  hooks: readonly Manifest[],
  namespace: string,
  phase: string,
): Promise<string | undefined> {
  // prettier-ignore
  for (const { kind, metadata } of hooks) await api.delete(kind, placeOf(kind, metadata.namespace ?? namespace), metadata.name); // prettier-ignore
  for (const hook of ordered(hooks)) {
    const { kind, metadata } = hook;
    const { ttlSecondsAfterFinished: _, ...spec } = (hook["spec"] ?? {}) as Values;
    const made = await api.create(kind === "Job" ? { ...hook, spec } : hook);
    if ("refused" in made) return `failed ${phase}: warning: Hook ${phase} ingress-nginx/templates/admission-webhooks failed: ${made.refused.message ?? ""}`; // prettier-ignore
    if (kind !== "Job") continue;
    const problem = await waitForJob(process, api, placeOf(kind, metadata.namespace ?? namespace), metadata.name);
    if (problem !== undefined) return `failed ${phase}: ${problem}`;
  }
  for (const { kind, metadata } of hooks) await api.delete(kind, placeOf(kind, metadata.namespace ?? namespace), metadata.name); // prettier-ignore
  return undefined;
}

const HOOK_TIMEOUT = 300;

async function waitForJob(process: Process, api: Api, namespace: string, name: string): Promise<string | undefined> {
  for (let waited = 0; waited < HOOK_TIMEOUT; waited++) {
    const found = await api.get("Job", namespace, name);
    if ("refused" in found) return found.refused.message ?? "";
    const { conditions = [] } = (found.object["status"] ?? {}) as { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[] }; // prettier-ignore
    if (conditions.some(({ type, status }) => type === "Complete" && status === "True")) return undefined;
    const failed = conditions.find(({ type, status }) => type === "Failed" && status === "True");
    if (failed) return `job ${name} failed: ${failed.reason ?? ""}`;
    await process.sleep(SECOND);
  }
  return "timed out waiting for the condition";
}

/** From one revision to the next: hooks, objects made, changed and removed, and who is deployed now. */
async function change(
  process: Process,
  api: Api,
  last: Release,
  release: Release,
  rendered: Rendered,
  what: "upgrade" | "rollback",
  options: HelmOptions,
): Promise<string | undefined> {
  // prettier-ignore
  const { name, namespace } = release;
  const pending = { ...release, info: { ...release.info, status: `pending-${what}` } };
  const stored = await api.create(releaseSecret(pending, Math.trunc(process.now / SECOND)));
  if ("refused" in stored) return stored.refused.message ?? "";
  const problem = (await runHooks(process, api, rendered.before, namespace, `pre-${what}`)) ?? (await updateAll(api, last.objects, release.objects, name, namespace)) ?? (await waitReady(process, api, release.objects, namespace, options)) ?? (await runHooks(process, api, rendered.after, namespace, `post-${what}`)); // prettier-ignore
  const status = problem === undefined ? release.info.status : "failed";
  await replaceSecret(api, { ...release, info: { ...release.info, status } }, process.now);
  if (problem === undefined)
    await replaceSecret(api, { ...last, info: { ...last.info, status: "superseded" } }, process.now);
  return problem;
}

async function updateAll(
  api: Api,
  before: readonly Manifest[],
  after: readonly Manifest[],
  name: string,
  namespace: string,
): Promise<string | undefined> {
  // prettier-ignore
  const key = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
  const old = new Map(before.map((object) => [key(object), object]));
  for (const object of ordered(after)) {
    const place = placeOf(object.kind, object.metadata.namespace ?? namespace);
    const known = old.get(key(object));
    const next = owned(object, name, namespace);
    const found = await api.get(object.kind, place, object.metadata.name);
    const done = "refused" in found ? await api.create(next) : await api.patch(object.kind, place, object.metadata.name, difference(known ? owned(known, name, namespace) : {}, next) as JsonObject); // prettier-ignore
    if ("refused" in done) return `cannot patch ${JSON.stringify(object.metadata.name)} with kind ${object.kind}: ${done.refused.message ?? ""}`; // prettier-ignore
    old.delete(key(object));
  }
  for (const { kind, metadata } of old.values()) await api.delete(kind, placeOf(kind, metadata.namespace ?? namespace), metadata.name); // prettier-ignore
  return undefined;
}

/** A merge patch: everything as it is to be, and null for what the last revision had and this one has not. */
function difference(before: Values, after: Values): Values {
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(before)) if (!(name in after)) patch[name] = null;
  for (const [name, value] of Object.entries(after)) {
    const below = before[name];
    patch[name] = isTable(value) ? difference(isTable(below) ? below : {}, value) : value;
  }
  return patch;
}

async function replaceSecret(api: Api, release: Release, now: Time): Promise<void> {
  const { metadata, data } = releaseSecret(release, Math.trunc(now / SECOND)) as Manifest & {
    readonly data: JsonObject;
  };
  await api.patch("Secret", release.namespace, metadata.name, { metadata: { labels: { ...metadata.labels } }, data });
}
