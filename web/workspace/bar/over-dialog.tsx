import { useEffect, useEffectEvent } from "react";
import { useLocation } from "wouter";
import type { AttemptView } from "../../../server/sessions/protocol/index.ts";
import { Button, Dialog } from "../../ui/index.ts";

/** How long somebody has to read it before the result opens, in milliseconds. */
const READING = 5000;

/** The attempt ended from somewhere else: another window, or the clock. */
export function OverDialog({ view }: { readonly view: AttemptView }) {
  const [, navigate] = useLocation();
  const timeUp = view.endsAt !== null && (view.submittedAt ?? view.now) >= view.endsAt - 1000;
  const result = `/attempts/${view.id}/result`;
  const go = useEffectEvent(() => navigate(result));
  useEffect(() => {
    const timer = setTimeout(() => go(), READING);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Dialog
      role="alertdialog"
      title={timeUp ? "The time is up" : "This attempt was submitted"}
      open
      onClose={() => navigate(result)}
      actions={
        <Button look="primary" autoFocus onPress={() => navigate(result)}>
          See the result
        </Button>
      }
    >
      <p>
        {timeUp
          ? "What was there when the time ended is graded. Your answers and notes are kept."
          : "It was submitted in another window. Your answers and notes are kept."}
      </p>
      <p>The result opens by itself.</p>
    </Dialog>
  );
}
