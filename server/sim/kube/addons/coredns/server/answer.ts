import { dnsReply, type Context, type DnsAnswer, type DnsMessage } from "../../../../net/index.ts";
import { Query } from "../query.ts";
import { isWritten, withEdns } from "../reply.ts";
import { tellDecision } from "./decision.ts";
import type { Instance } from "./instance.ts";
import { ProcessGone } from "./process-gone.ts";
import { THINKING } from "../upstream/ask.ts";

/** Plugins that make a server take queries of class CH, too (core/dnsserver server.go EnableChaos). */
const CHAOS: ReadonlySet<string> = new Set(["chaos", "forward"]);

/** Answers a query that has come to a server of the instance (core/dnsserver server.go ServeDNS). */
export function answerQuery(
  instance: Instance,
  server: string,
  message: DnsMessage,
  context: Context,
): DnsAnswer | undefined {
  const clock = { elapsed: 0 };
  instance.depth++;
  try {
    const query = new Query(message, context, server, clock);
    const reply = serve(instance, query);
    if (context.ns.network.onDecision) tellDecision(instance, query, reply);
    return reply && { message: withEdns(message, reply), delay: Math.round(clock.elapsed) + THINKING };
  } catch (error) {
    if (error instanceof ProcessGone) return undefined;
    throw error;
  } finally {
    if (--instance.depth === 0) instance.goesRound = false;
  }
}

function serve(instance: Instance, query: Query): DnsMessage | undefined {
  const { message } = query;
  const [question] = message.questions;
  if (!question) return dnsReply(message, { rcode: "SERVFAIL" });
  const chaos = instance.config.blocks.some(({ plugins }) => plugins.some(({ name }) => CHAOS.has(name)));
  if (question.class !== "IN" && !(chaos && question.class === "CH")) return dnsReply(message, { rcode: "REFUSED" });
  const chain = instance.chain(query);
  if (!chain) return dnsReply(message, { rcode: "REFUSED" });
  const outcome = chain(query);
  if (outcome.message) return outcome.message;
  return isWritten(outcome.rcode) ? undefined : dnsReply(message, { rcode: outcome.rcode });
}
