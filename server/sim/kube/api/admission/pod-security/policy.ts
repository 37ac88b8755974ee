import { invalid, type FieldErrors } from "../../field-errors.ts";
import type { StringMap } from "../../types/meta.ts";

/** pod-security-admission/api: what the labels of a namespace ask for. */

export type Level = "privileged" | "baseline" | "restricted";
const LEVELS: readonly Level[] = ["privileged", "baseline", "restricted"];

export interface LevelVersion {
  readonly level: Level;
  /** The minor version of `v1.33`; undefined for `latest`. */
  readonly minor: number | undefined;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const PREFIX = "pod-security.kubernetes.io/";
const OPEN: LevelVersion = { level: "privileged", minor: undefined };

export function levelText({ level, minor }: LevelVersion): string {
  return `${level}:${minor === undefined ? "latest" : `v1.${minor}`}`;
}

/** How much stricter `a` is than `b`; negative if it is laxer. */
export function compareLevels(a: LevelVersion, b: LevelVersion): number {
  return LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
}

export function samePolicy(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.minor === b.minor;
}

/** The policy of a namespace, and what is wrong with its labels. There always is a policy: a bad level to enforce is the strictest. */
export function policyOf(labels: StringMap = {}): { readonly policy: Policy; readonly errors: FieldErrors } {
  const errors: FieldErrors = [];
  const read = (mode: string): { asked: LevelVersion; hasLevel: boolean; hasVersion: boolean; valid: boolean } => {
    const level = labels[`${PREFIX}${mode}`];
    const version = labels[`${PREFIX}${mode}-version`];
    const path = `metadata.labels[${PREFIX}${mode}`;
    const valid = level !== undefined && LEVELS.includes(level as Level);
    if (level !== undefined && !valid) errors.push(invalid(`${path}]`, level, `must be one of ${LEVELS.join(", ")}`));
    const match = version === undefined ? undefined : /^(latest|v1\.(0|[1-9]\d*))$/.exec(version);
    if (match === null) errors.push(invalid(`${path}-version]`, version, 'must be "latest" or "v1.x"'));
    const failed: Level = mode === "enforce" ? "restricted" : "privileged";
    const asked = level === undefined ? OPEN.level : valid ? (level as Level) : failed;
    const minor = match?.[2] === undefined ? undefined : Number(match[2]);
    return {
      asked: { level: asked, minor },
      hasLevel: level !== undefined,
      hasVersion: version !== undefined,
      valid,
    };
  };
  const [enforce, audit, warn] = [read("enforce"), read("audit"), read("warn")];
  // Whoever is refused shall be warned of the same where only a template is written.
  const follows = !warn.hasLevel && enforce.valid && compareLevels(enforce.asked, warn.asked) > 0;
  const { level, minor } = enforce.asked;
  const warned = follows ? { level, minor: warn.hasVersion ? warn.asked.minor : minor } : warn.asked;
  return { policy: { enforce: enforce.asked, audit: audit.asked, warn: warned }, errors };
}
