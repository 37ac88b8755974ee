import type { Hosts } from "../../host/index.ts";
import { SECOND, type Duration } from "../../kernel/index.ts";
import { isAsleep, networkOfHosts } from "../../net/index.ts";
import { crosses, standingConnection, type StandingConnection } from "./standing.ts";

const BEAT = "api-links/beat";

/**
 * How often a component says something although there is nothing to say: a kubelet renews its Lease, who leads renews the
 * election's (RetryPeriod of k8s.io/component-base/config); others ping (ReadIdleTimeout in apimachinery's util/net/http.go).
 */
const PERIODS: Readonly<Record<string, Duration>> = {
  kubelet: 10 * SECOND,
  "kube-controller-manager": 2 * SECOND,
  "kube-scheduler": 2 * SECOND,
};
const PING: Duration = 30 * SECOND;

/** What is known of the links, by machine and process. */
interface Links {
  keys(): Iterable<string>;
  get(key: string): { readonly connection?: StandingConnection } | undefined;
}

/**
 * Lets components be heard on their connections for as long as somebody captures packets: tcpdump sees a cluster that lives.
 * While nobody looks no timer runs. Who is started during a capture is heard from the next one on.
 */
export function bindBeats(hosts: Hosts, links: Links): void {
  const network = networkOfHosts(hosts);
  const { kernel } = hosts;
  /** The event that is next for a link: of those that are left from an earlier capture nothing comes. */
  const next = kernel.state.table<string, number>("api-beats", { quiet: true });
  const plan = (key: string): void => {
    next.set(key, kernel.after(untilBeat(hosts, key), BEAT, { key }, { periodic: true }));
  };
  network.onWatched = () => {
    // Not all at once: each as its process was started.
    for (const key of [...links.keys()].toSorted()) plan(key);
  };
  kernel.handle(BEAT, ({ key }: { readonly key: string }, { id }) => {
    if (next.get(key) !== id) return;
    const link = links.get(key);
    if (!network.taps || !link) return void next.delete(key);
    // Without a connection it is silent, until it has found its server again.
    const connection = link.connection && standingConnection(network, link.connection);
    if (connection?.row && !isAsleep(connection.ns, connection.row)) crosses(connection);
    plan(key);
  });
}

function untilBeat(hosts: Hosts, key: string): Duration {
  const slash = key.lastIndexOf("/");
  const process = hosts.machine(key.slice(0, slash)).process(Number(key.slice(slash + 1)));
  const name = process?.argv[0]?.replace(/.*\//, "") ?? "";
  const period = PERIODS[name] ?? PING;
  const age = hosts.kernel.now - (process?.startedAt ?? 0);
  // Those that were started together speak at different moments all the same.
  const phase = ((process?.pid ?? 0) * 137_000) % period;
  return period - ((((age - phase) % period) + period) % period);
}
