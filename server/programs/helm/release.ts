import { gunzipSync, gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { calendar, MONTHS, pad, parseRfc3339, WEEKDAYS, type Time } from "../../sim/kernel/index.ts";
import type { Api, Manifest } from "./api.ts";
import type { Values } from "./values.ts";

/** A release at one of its revisions, as it is kept in a Secret (pkg/release). */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: {
    readonly first_deployed: string;
    readonly last_deployed: string;
    readonly deleted: string;
    readonly description: string;
    readonly status: string;
    readonly notes: string;
  };
  readonly chart: {
    readonly metadata: { readonly name: string; readonly version: string; readonly appVersion: string };
  };
  readonly config: Values;
  readonly manifest: string;
  /** The manifest's objects, which Helm reads out of its text. */
  readonly objects: readonly Manifest[];
}

const TYPE = "helm.sh/release.v1";

export function manifestText(objects: readonly Manifest[]): string {
  return objects.map((object) => `---\n${stringify(object, { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false })}`).join(""); // prettier-ignore
}

/** The Secret of a revision: `sh.helm.release.v1.NAME.vN`. */
export function releaseSecret(release: Release, modified: number): Manifest {
  const packed = gzipSync(Buffer.from(JSON.stringify(release)), { level: 9 }).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: secretName(release),
      namespace: release.namespace,
      labels: {
        modifiedAt: String(modified),
        name: release.name,
        owner: "helm",
        status: release.info.status,
        version: String(release.version),
      },
    },
    type: TYPE,
    data: { release: Buffer.from(packed).toString("base64") },
  };
}

export function secretName({ name, version }: Pick<Release, "name" | "version">): string {
  return `sh.helm.release.v1.${name}.v${version}`;
}

/** All revisions of releases, oldest first; of one release if a name is given. */
export async function readReleases(
  api: Api,
  namespace: string,
  name?: string,
): Promise<readonly Release[] | { readonly error: string }> {
  const selector = name === undefined ? "owner=helm" : `name=${name},owner=helm`;
  const found = await api.list("Secret", namespace, selector);
  if ("refused" in found) return { error: found.refused.message ?? "" };
  const items = (found.object["items"] ?? []) as readonly {
    readonly type?: string;
    readonly data?: Readonly<Record<string, string>>;
  }[];
  const releases = items.flatMap(({ type, data }) => {
    if (type !== TYPE) return [];
    const packed = Buffer.from(Buffer.from(data?.["release"] ?? "", "base64").toString(), "base64");
    return [JSON.parse(gunzipSync(packed).toString()) as Release];
  });
  return releases.toSorted((a, b) => a.version - b.version);
}

/** A time as Go's encoding/json writes it: to the nanosecond. */
export function goTime(now: Time): string {
  const { year, month, day, hour, minute, second, micros } = calendar(now);
  return `${year}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(micros, 6)}000Z`;
}

/** time.ANSIC: `Sat Nov 21 10:00:00 2026`. */
export function ansiTime(text: string): string {
  const at = calendar(parseRfc3339(text) ?? 0);
  const [day, month] = [WEEKDAYS[at.weekday]!.slice(0, 3), MONTHS[at.month - 1]!.slice(0, 3)];
  return `${day} ${month} ${String(at.day).padStart(2)} ${pad(at.hour, 2)}:${pad(at.minute, 2)}:${pad(at.second, 2)} ${at.year}`;
}

/** Go's time.Time.String: `2026-11-21 10:00:00.123456 +0000 UTC`. */
export function listTime(text: string): string {
  return `${text.replace("T", " ").replace(/\.?0*Z$/, "")} +0000 UTC`;
}
