import {
  errors, sameJson, templateHash, validSelector, type Client, type ControllerRevision, type DaemonSet,
} from "../../api/index.ts"; // prettier-ignore
import { daemonSets, pods } from "../../kinds/index.ts";
import { createRevision, deleteRevision, ownedRevisions, renumberRevision, revisionData } from "../history/index.ts";
import { REVISION_HASH } from "./template.ts";

/** The revisions of a DaemonSet: the present one, and those that it can go back to (pkg/controller/daemon/update.go). */
export class DaemonHistory {
  readonly #client: Client;
  readonly #set: DaemonSet;
  readonly #current: ControllerRevision;
  readonly #old: readonly ControllerRevision[];

  constructor(client: Client, set: DaemonSet) {
    this.#client = client;
    this.#set = set;
    const data = revisionData(set.spec.template);
    const all = ownedRevisions(client, daemonSets, set, validSelector(set.spec.selector));
    const same = all.filter((revision) => sameJson(revision.data, data));
    this.#old = all.filter((revision) => !same.includes(revision));
    const next = Math.max(0, ...this.#old.map(({ revision }) => revision)) + 1;
    const kept = same.at(-1);
    if (!kept) {
      this.#current = this.#snapshot(next);
      return;
    }
    for (const twin of same) if (twin !== kept) this.#absorb(twin, kept);
    this.#current = kept.revision < next ? renumberRevision(client, kept, next) : kept;
  }

  /** What stands on the Pods of the present template. */
  hash(): string {
    return this.#current.metadata.labels![REVISION_HASH]!;
  }

  /** Deletes old revisions beyond the limit that no Pod is at. */
  truncate(): void {
    let surplus = this.#old.length - (this.#set.spec.revisionHistoryLimit ?? 10);
    if (surplus <= 0) return;
    const live = new Set(
      this.#client.owned(pods, this.#set.metadata.uid).map(({ metadata }) => metadata.labels?.[REVISION_HASH]),
    );
    for (const revision of this.#old) {
      if (surplus <= 0) return;
      if (live.has(revision.metadata.labels?.[REVISION_HASH])) continue;
      deleteRevision(this.#client, revision);
      surplus--;
    }
  }

  #snapshot(revision: number): ControllerRevision {
    const { metadata, spec, status } = this.#set;
    const hash = templateHash(spec.template, status.collisionCount);
    const name = `${metadata.name}-${hash}`;
    const labels = { ...spec.template.metadata.labels, [REVISION_HASH]: hash };
    const data = revisionData(spec.template);
    const made = createRevision(this.#client, daemonSets, this.#set, { name, labels, data, revision });
    if (made) return made;
    const collisionCount = (status.collisionCount ?? 0) + 1;
    this.#client.updateStatus(daemonSets, { ...this.#set, status: { ...status, collisionCount } });
    throw errors.alreadyExists({ group: "apps", resource: "controllerrevisions" }, name);
  }

  /** Two revisions of one template become one; Pods of the other one are of this one from now on (dedupCurHistories). */
  #absorb(twin: ControllerRevision, kept: ControllerRevision): void {
    const hash = kept.metadata.labels![REVISION_HASH]!;
    for (const { metadata } of this.#client.owned(pods, this.#set.metadata.uid))
      if (metadata.labels?.[REVISION_HASH] !== hash)
        this.#client.patch(pods, { namespace: metadata.namespace ?? "", name: metadata.name }, "merge-patch+json", {
          metadata: { labels: { [REVISION_HASH]: hash } },
        });
    deleteRevision(this.#client, twin);
  }
}
