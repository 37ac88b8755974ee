import { apiVersion, type AnyKind, type KubeObject } from "../../server/sim/kube/api/index.ts";
import { GoNumber, parseJsonPath, type Json } from "../../server/programs/kubectl/output/index.ts";
import { Broken } from "../broken.ts";
import { pathTemplate } from "../checks/path.ts";
import type { ObjectSpec } from "../checks/schemas.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import type { Scene } from "../scene/scene.ts";
import { listed, nearest } from "../why/explanation.ts";
import { quoted, shorten } from "./words.ts";

/** What is at a path in an object, or in each object of a kind. */
export function evaluateObject(scene: Scene, spec: ObjectSpec): Finding {
  return "object" in spec ? oneObject(scene, spec) : manyObjects(scene, spec);
}

function oneObject(scene: Scene, spec: Extract<ObjectSpec, { object: string }>): Finding {
  const { kind, namespace, name, object } = scene.objects.find(spec.object, spec.namespace);
  const at = namespace === "" ? "" : ` in namespace ${namespace}`;
  const see = `kubectl${namespace === "" ? "" : ` -n ${namespace}`} get ${kind.singular} ${name}`;
  const what = spec.path === undefined ? spec.object : `${spec.path} of ${spec.object}`;
  const whether = spec.path === undefined && typeof spec.is === "object" && spec.is !== null && "exists" in spec.is;
  const there = `${matches(spec.is, undefined) ? "no " : ""}${spec.object}${at}`;
  const expected = whether ? there : `${what}: ${describeMatcher(spec.is)}`;
  if (!object) {
    if (matches(spec.is, undefined)) return { holds: true, expected, observed: `no ${spec.object}${at}`, see };
    const others = scene.objects.list(kind.plural, spec.namespace).objects.map(({ metadata }) => metadata.name);
    const meant = nearest(name, others);
    const why =
      meant !== undefined
        ? `There is a ${kind.kind} ${meant}.`
        : others.length > 0
          ? `There are: ${listed(others)}.`
          : `There is no ${kind.kind}${at} at all.`;
    return { holds: false, expected, observed: `there is no ${spec.object}${at}`, why, see: see.replace(/ \S+$/, "") };
  }
  if (spec.path === undefined) {
    const holds = matches(spec.is, { ...object });
    return { holds, expected, observed: `${spec.object}${at} is there`, see };
  }
  const value = valueAt(kind, object, spec.path);
  return {
    holds: matches(spec.is, value),
    expected,
    observed: valueWords(value),
    see: `${see} -o jsonpath='${pathTemplate(spec.path)}'`,
  };
}

function manyObjects(scene: Scene, spec: Extract<ObjectSpec, { objects: string }>): Finding {
  const { kind, objects } = scene.objects.list(spec.objects, spec.namespace, spec.labels);
  const which = `${kind.plural}${spec.labels === undefined ? "" : ` with ${spec.labels}`}`;
  const scope =
    spec.namespace !== undefined && kind.namespaced ? ` -n ${spec.namespace}` : kind.namespaced ? " -A" : "";
  const see = `kubectl${scope} get ${kind.plural}${spec.labels === undefined ? "" : ` -l ${quotedSelector(spec.labels)}`}`;
  if (spec.path === undefined) {
    const expected = `number of ${which}: ${describeMatcher(spec.is)}`;
    const names = objects.map(({ metadata }) => metadata.name);
    const observed = names.length > 0 ? `${names.length}: ${listed(names)}` : "0";
    return { holds: matches(spec.is, objects.length), expected, observed, see };
  }
  const path = spec.path;
  const expected = `${path} of each of ${which}: ${describeMatcher(spec.is)}`;
  if (objects.length === 0) return { holds: false, expected, observed: `there are no ${which}`, see, share: 0 };
  const values = objects.map((object) => ({ name: object.metadata.name, value: valueAt(kind, object, path) }));
  const wrong = values.filter(({ value }) => !matches(spec.is, value));
  const [shown] = wrong.length > 0 ? wrong : values;
  const more = (wrong.length > 0 ? wrong : values).length - 1;
  return {
    holds: wrong.length === 0,
    expected,
    observed: `${shown!.name}: ${valueWords(shown!.value)}${more > 0 ? ` (and ${more} more)` : ""}`,
    see: `${see} -o jsonpath='{range .items[*]}{.metadata.name}: ${pathTemplate(path)}{"\\n"}{end}'`,
    share: (values.length - wrong.length) / values.length,
  };
}

/** A selector as a shell takes it. */
function quotedSelector(labels: string): string {
  return /[^\w./=,-]/.test(labels) ? `'${labels}'` : labels;
}

/** What a JSONPath finds: a list if it may find several, else the value or undefined. */
export function valueAt(kind: AnyKind, object: KubeObject, path: string): unknown {
  const template = pathTemplate(path);
  const parsed = parseJsonPath(template, { allowMissingKeys: true });
  if ("error" in parsed) throw new Broken(`${JSON.stringify(path)} is no JSONPath: ${parsed.error}`);
  const whole = { apiVersion: apiVersion(kind), kind: kind.kind, ...object } as unknown as Json;
  const found = parsed.find(whole);
  if (!Array.isArray(found)) throw new Broken(`${JSON.stringify(path)}: ${found.error}`);
  const values = found.flat().map((value) => (value instanceof GoNumber ? value.value : value));
  return /[*?:,]|\.\./.test(template) ? values : values[0];
}

function valueWords(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? quoted(value) : shorten(JSON.stringify(value));
}
