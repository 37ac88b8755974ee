import { rejectAnswer, rejectVerdict } from "./icmp.ts";
import type { Hooks } from "./hooks.ts";
import type { Walker } from "./walker.ts";

/** Ends the walk of a packet that the rules of a hook refused, with the answer that REJECT sends. */
export function dropped(walker: Walker, hooks: Hooks): void {
  const { ns, packet } = walker;
  // The caller of sendmsg hears of it: EPERM, whatever the rule sends besides (nf_hook_slow).
  if (hooks.hook === "OUTPUT" || hooks.hook === "POSTROUTING") walker.fail("EPERM");
  const reason = hooks.reason ?? (() => ({ what: "no free port for the translation" }));
  if (hooks.outcome === "reject" && hooks.reject !== undefined) {
    walker.answer = rejectAnswer(ns, packet, hooks.reject);
    walker.end(rejectVerdict(hooks.reject), hooks.reasonPlace, 0, reason);
  } else walker.end("dropped", hooks.reasonPlace, 0, reason);
}
