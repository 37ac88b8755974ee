import { DAY, HOUR, parseRfc3339, type Duration, type Table, type Time } from "../../../kernel/index.ts";
import { isNotFound, own, type CertificateSigningRequest, type Client, type ControllerLoop } from "../../api/index.ts";
import { certificateSigningRequests } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

/** By condition: how long a request is kept after it got that. Approved ones count once they are issued. */
const KEPT: Readonly<Record<string, Duration>> = { Approved: HOUR, Denied: HOUR, Failed: HOUR };
const PENDING = DAY;
/** How often upstream looks. */
const INTERVAL = HOUR;

/** Removes requests that are done, and those that nobody looks at (pkg/controller/certificates/cleaner). */
export class CsrCleanerController {
  readonly loop: ControllerLoop;
  readonly #client: Client;
  /** By name: the look that removes it. What is old when it comes waits for the next one as well. */
  readonly #looks: Table<string, Time>;

  constructor(context: ControllerContext) {
    this.#client = context.client("certificate-controller");
    this.#looks = context.kernel.state.table(context.tableName("csrcleaner/looks"), { quiet: true });
    this.loop = context.loop("certificatesigningrequest-cleaner-controller", this.#client, {
      name: "csrcleaner",
      watches: [own(certificateSigningRequests)],
      reconcile: (name) => this.#sync(name),
    });
  }

  #sync(name: string): void {
    const csr = this.#client.get(certificateSigningRequests, "", name);
    const end = csr && endOf(csr);
    if (end === undefined) return void this.#looks.delete(name);
    const { now } = this.#client.server.kernel;
    const look = this.#looks.get(name);
    if (end > now || look === undefined || look > now) {
      const next = end > now ? end : (look ?? now + INTERVAL);
      this.#looks.set(name, next);
      return this.loop.queue.addAfter(name, next - now, { periodic: true });
    }
    try {
      this.#client.delete(certificateSigningRequests, "", name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** The first look after its time is over; undefined for one that stays: approved, but not issued. */
function endOf({ metadata, status }: CertificateSigningRequest): Time | undefined {
  const created = parseRfc3339(metadata.creationTimestamp) ?? 0;
  const { conditions = [], certificate } = status;
  if (conditions.length === 0) return created + PENDING + INTERVAL;
  const ends = conditions
    .filter(({ type }) => KEPT[type] !== undefined && (type !== "Approved" || certificate))
    .map(({ type, lastUpdateTime }) => (parseRfc3339(lastUpdateTime ?? "") ?? created) + KEPT[type]! + INTERVAL);
  return ends.length > 0 ? Math.min(...ends) : undefined;
}
