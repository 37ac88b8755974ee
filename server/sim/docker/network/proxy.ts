import type { Hosts } from "../../host/index.ts";
import {
  connect,
  Connection,
  exchange,
  exchangeDatagram,
  networkOfHosts,
  type Context,
  type StreamAnswer,
} from "../../net/index.ts";
import { PROXY_APPLICATION, type ProxyTarget } from "./ports.ts";

/** What docker-proxy keeps of a stream: its own connection to the container. */
interface Relay {
  readonly connection: number;
}

/** docker-proxy: passes on what it takes, from the machine's own address. Servers that answer later than at once are not heard. */
export function bindDockerProxy(hosts: Hosts): void {
  const network = networkOfHosts(hosts);
  const open = ({ args }: Context): StreamAnswer => {
    const { address, port, ns } = args as ProxyTarget;
    const result = connect(network.namespace(ns), { to: address, port, tracing: false });
    if (result.outcome === "connected") {
      const relay: Relay = { connection: result.connection!.id };
      return { delay: result.latency, memory: relay };
    }
    result.connection?.close();
    // It takes the connection before it dials; what a client has sent until it closes is answered by a reset (tcp_proxy_linux.go).
    return { delay: result.latency };
  };
  const connectionOf = ({ args }: Context, memory: unknown): Connection =>
    new Connection(network.namespace((args as ProxyTarget).ns), (memory as Relay).connection);
  network.serve(PROXY_APPLICATION, {
    stream: {
      open,
      receive(bytes, context, memory) {
        if (memory === undefined) return { close: "reset" };
        const {
          bytes: answer,
          ended,
          outcome,
          latency,
        } = exchange(connectionOf(context, memory), bytes, () => true, { tracing: false });
        if (outcome === "reset") return { close: "reset" };
        return { bytes: answer, delay: latency, memory, ...(ended ? { close: "fin" as const } : {}) };
      },
      end(context, memory) {
        if (memory !== undefined) connectionOf(context, memory).close();
        return { close: "fin" };
      },
    },
    datagram(bytes, { args }) {
      const { address, port, ns } = args as ProxyTarget;
      return exchangeDatagram(network.namespace(ns), { to: address, port, tracing: false }, bytes).answers.map(
        (answer) => ({ bytes: answer.bytes }),
      );
    },
  });
}
