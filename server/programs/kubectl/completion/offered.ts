import { attempt, Errno, type Process } from "../../../sim/host/index.ts";
import type { Factory } from "../client/factory.ts";
import { GLOBAL_FLAGS } from "../clientcmd/global-flags.ts";
import { find } from "../cobra/find.ts";
import type { Offer } from "../cobra/offer.ts";
import { GoError } from "../errors/go-error.ts";
import { ROOT } from "../verbs/index.ts";
import { DEFAULT, FILTER_FILES, NO_FILES, NO_SPACE } from "./directive.ts";
import { containersOf, namesOf, portsOf, typeNames } from "./live-names.ts";

/** Where on the command line something is offered. */
export interface Place {
  /** What is typed so far. */
  readonly word: string;
  /** The arguments before it. */
  readonly args: readonly string[];
  /** It is the value of a flag rather than an argument. */
  readonly isValue: boolean;
}

/** Choices, each perhaps with a tab and a description, and what the shell does beside. */
export interface Offered {
  readonly choices: readonly string[];
  readonly directive: number;
}

const NOTHING: Offered = { choices: [], directive: NO_FILES };

/** What has Pods, in kubectl's order (kubectl pkg/util/completion doPodResourceCompletion). */
const WITH_PODS = [
  "daemonsets", "deployments", "pods", "jobs", "replicasets", "replicationcontrollers", "services", "statefulsets",
]; // prettier-ignore

/** Finds what an Offer has for a place. */
export async function offered(factory: Factory, offer: Offer, place: Place): Promise<Offered> {
  const { word, args, isValue } = place;
  const first = isValue || args.length === 0;
  const matching = (names: readonly string[]): Offered => ({
    choices: names.filter((name) => name.startsWith(word)),
    directive: NO_FILES,
  });
  switch (offer.kind) {
    case "words":
      if (!first) return { choices: [], directive: DEFAULT };
      return offer.all ? { choices: offer.words, directive: NO_FILES } : matching(offer.words);
    case "files":
      return { choices: offer.extensions, directive: FILTER_FILES };
    case "names":
      return first ? matching(await namesOf(factory, offer.type)) : NOTHING;
    case "contexts":
    case "clusters":
    case "users":
      return first ? matching(configured(factory, offer.kind)) : NOTHING;
    case "containers":
      return args.length > 0 ? matching(await containersOf(factory, args[0]!)) : NOTHING;
    case "resources":
      return resources(factory, offer.types, offer.once ?? false, place);
    case "pods":
      if (args.length === 0) return pods(factory, word);
      if (args.length > 1 || offer.next === undefined) return NOTHING;
      return matching(
        offer.next === "ports" ? await portsOf(factory, args[0]!, word) : await containersOf(factory, args[0]!),
      );
    case "copied":
      return { choices: args.length === 0 ? await copied(factory, word) : [], directive: NO_SPACE };
    case "commands":
      return commands(place);
  }
}

function configured(factory: Factory, kind: "contexts" | "clusters" | "users"): string[] {
  try {
    return [...factory.config.config[kind].keys()].sort();
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return [];
  }
}

/** TYPE NAME… or TYPE/NAME…; what already stands on the line is not offered again. */
async function resources(
  factory: Factory,
  types: readonly string[] | undefined,
  once: boolean,
  { word, args }: Place,
): Promise<Offered> {
  const [type] = args;
  if (type !== undefined && !type.includes("/")) {
    if (once && args.length > 1) return NOTHING;
    const names = (await namesOf(factory, type)).filter((name) => name.startsWith(word));
    return { choices: args.length > 1 ? names.filter((name) => !args.includes(name, 1)) : names, directive: NO_FILES };
  }
  if (once && args.length > 0) return NOTHING;
  if (word.includes("/")) {
    const choices = await slashed(factory, word);
    return { choices: choices.filter((choice) => !args.includes(choice)), directive: NO_FILES };
  }
  const choices = await typesOf(factory, types, word);
  if (args.length === 0) return { choices, directive: NO_FILES };
  return { choices: choices.map((choice) => `${choice}/`), directive: NO_FILES | NO_SPACE };
}

/** Types that begin with what is typed; behind a comma, with what stands behind the last. */
async function typesOf(factory: Factory, types: readonly string[] | undefined, word: string): Promise<string[]> {
  if (types) return types.filter((type) => type.startsWith(word));
  const comma = word.lastIndexOf(",") + 1;
  const typed = word.slice(comma);
  return (await typeNames(factory)).filter((type) => type.startsWith(typed)).map((type) => word.slice(0, comma) + type);
}

async function slashed(factory: Factory, word: string): Promise<string[]> {
  const slash = word.indexOf("/");
  const type = word.slice(0, slash);
  const names = await namesOf(factory, type);
  return names.map((name) => `${type}/${name}`).filter((choice) => choice.startsWith(word));
}

async function pods(factory: Factory, word: string): Promise<Offered> {
  if (word.includes("/")) return { choices: await slashed(factory, word), directive: NO_FILES };
  const names = (await namesOf(factory, "pod")).filter((name) => name.startsWith(word));
  const types = WITH_PODS.filter((type) => type.startsWith(word)).map((type) => `${type}/`);
  return { choices: [...names, ...types], directive: names.length === 0 ? NO_FILES | NO_SPACE : NO_FILES };
}

/** As kubectl pkg/cmd/cp/cp.go. */
async function copied(factory: Factory, word: string): Promise<string[]> {
  if (/^[/.~]/.test(word) || word.includes(":")) return [];
  const slash = word.indexOf("/");
  if (slash > 0) {
    const namespace = word.slice(0, slash);
    const names = await namesOf(factory, "pod", namespace);
    return names.map((name) => `${namespace}/${name}:`).filter((choice) => choice.startsWith(word));
  }
  const namespaces = (await namesOf(factory, "namespace")).map((name) => `${name}/`);
  const names = (await namesOf(factory, "pod")).map((name) => `${name}:`);
  const remote = [...namespaces, ...names].filter((choice) => choice.startsWith(word));
  if (word === "") return [...remote, "./", "/"];
  return remote.length === 0 ? [] : [...remote, ...filesHere(factory.process, word)];
}

function filesHere(process: Process, word: string): string[] {
  const { files } = process.host;
  const names = attempt(() => files.list(".", process));
  if (names instanceof Errno) return [];
  return names
    .filter((name) => name.startsWith(word))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const stat = attempt(() => files.stat(name, process));
      return !(stat instanceof Errno) && stat.type === "dir" ? `${name}/` : name;
    });
}

/** The subcommands of the command that the words name. */
async function commands({ word, args }: Place): Promise<Offered> {
  const { command, args: rest } = await find(ROOT, GLOBAL_FLAGS, args);
  if (command === ROOT && rest.length > 0) return NOTHING;
  const choices = (command.subcommands ?? [])
    .filter(({ name, unavailable }) => !unavailable && name.startsWith(word))
    .map(({ name, summary }) => `${name}\t${summary}`)
    .sort((a, b) => (a < b ? -1 : 1));
  return { choices, directive: NO_FILES };
}
