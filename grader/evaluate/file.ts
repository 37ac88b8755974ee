import { attempt, Errno } from "../../server/sim/host/index.ts";
import type { FileSpec } from "../checks/schemas.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import { commandAt, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { quoted } from "./words.ts";

/** What is in a file, and whose it is. */
export function evaluateFile(scene: Scene, spec: FileSpec): Finding {
  const { path } = spec;
  const expected = [
    ...(spec.is === undefined ? [] : [`${path}: ${describeMatcher(spec.is, "a text")}`]),
    ...(spec.mode === undefined ? [] : [`mode ${describeMatcher(spec.mode)}`]),
    ...(spec.owner === undefined ? [] : [`owner ${describeMatcher(spec.owner)}`]),
  ].join(" and ");
  const place = scene.place(spec.on);
  if (!place) return { holds: false, expected, observed: "the Pod does not exist or does not run" };
  const text = place.host.readText(path)?.replace(/\n+$/, "");
  const see = commandAt(place, spec.is === undefined ? `ls -l ${path}` : `cat ${path}`);
  if (spec.is !== undefined && !matches(spec.is, text))
    return { holds: false, expected, observed: text === undefined ? `no file ${path}` : quoted(text), see };
  const attributes = attributesOf(place, path);
  if (spec.mode !== undefined && !matches(spec.mode, attributes?.mode))
    return { holds: false, expected, observed: attributes ? `mode ${attributes.mode}` : `no file ${path}`, see };
  if (spec.owner !== undefined && !matches(spec.owner, attributes?.owner))
    return { holds: false, expected, observed: attributes ? `owner ${attributes.owner}` : `no file ${path}`, see };
  return { holds: true, expected, observed: text === undefined ? `no file ${path}` : quoted(text), see };
}

function attributesOf({ host }: Place, path: string): { readonly mode: string; readonly owner: string } | undefined {
  const stat = attempt(() => host.files.stat(path));
  if (stat instanceof Errno) return undefined;
  const user = host.users.byUid(stat.uid)?.name ?? String(stat.uid);
  const group = host.users.groupByGid(stat.gid)?.name ?? String(stat.gid);
  return { mode: stat.mode.toString(8), owner: `${user}:${group}` };
}
