import { attempt, Errno } from "../../server/sim/host/index.ts";
import { Computed } from "../checks/answer-spec.ts";
import type { FileSpec } from "../checks/schemas.ts";
import { describeMatcher, matches, type Matcher } from "../matcher.ts";
import { sameAnswer } from "../question.ts";
import type { Finding } from "../result.ts";
import { commandAt, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { rightAnswer } from "./right-answer.ts";
import { excerpt, quoted } from "./words.ts";

/** What the text must be like: in words, and whether one is. */
interface Wanted {
  readonly words: string;
  readonly fits: (text: string | undefined) => boolean;
  /** The text itself, if it is known. */
  readonly text?: string;
}

/** What is in a file, and whose it is. */
export async function evaluateFile(scene: Scene, spec: FileSpec): Promise<Finding> {
  const { path } = spec;
  const wanted = spec.is === undefined ? undefined : await wantedText(scene, spec);
  const expected = [
    ...(wanted === undefined ? [] : [`${path}: ${wanted.words}`]),
    ...(spec.mode === undefined ? [] : [`mode ${describeMatcher(spec.mode)}`]),
    ...(spec.owner === undefined ? [] : [`owner ${describeMatcher(spec.owner)}`]),
  ].join(" and ");
  const place = scene.place(spec.on);
  if (!place) return { holds: false, expected, observed: scene.absent(spec.on) };
  const text = place.host.readText(path)?.replace(/\n+$/, "");
  const see = commandAt(place, wanted === undefined ? `ls -l ${path}` : `cat ${path}`);
  const observed = text === undefined ? `no file ${path}` : text === "" ? "an empty file" : quoted(text);
  if (wanted && !wanted.fits(text)) {
    const difference = {
      kind: "diff" as const,
      title: path,
      before: excerpt(wanted.text ?? ""),
      after: excerpt(text ?? ""),
    };
    return { holds: false, expected, observed, see, ...(wanted.text === undefined ? {} : { evidence: [difference] }) };
  }
  const attributes = attributesOf(place, path);
  if (spec.mode !== undefined && !matches(spec.mode, attributes?.mode))
    return { holds: false, expected, observed: attributes ? `mode ${attributes.mode}` : `no file ${path}`, see };
  if (spec.owner !== undefined && !matches(spec.owner, attributes?.owner))
    return { holds: false, expected, observed: attributes ? `owner ${attributes.owner}` : `no file ${path}`, see };
  return { holds: true, expected, observed, see };
}

async function wantedText(scene: Scene, { is, as = "text" }: FileSpec): Promise<Wanted> {
  const computed = Computed.safeParse(is);
  if (!computed.success) {
    const matcher = is as Matcher;
    return { words: describeMatcher(matcher, "a text"), fits: (text) => matches(matcher, text) };
  }
  const right = await rightAnswer(scene, computed.data);
  return { words: quoted(right), text: right, fits: (text) => text !== undefined && sameAnswer(as, text, right) };
}

function attributesOf({ host }: Place, path: string): { readonly mode: string; readonly owner: string } | undefined {
  const stat = attempt(() => host.files.stat(path));
  if (stat instanceof Errno) return undefined;
  const user = host.users.byUid(stat.uid)?.name ?? String(stat.uid);
  const group = host.users.groupByGid(stat.gid)?.name ?? String(stat.gid);
  return { mode: stat.mode.toString(8), owner: `${user}:${group}` };
}
