import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/index.ts";
import { announce, Button, Dialog, ErrorNotice } from "../../ui/index.ts";

export interface ResetDialogProps {
  readonly attempt: string;
  readonly part: number;
  readonly onClose: () => void;
}

/** Asks before the cluster is put back to how the lab began. */
export function ResetDialog({ attempt, part, onClose }: ResetDialogProps) {
  const reset = useMutation({
    mutationFn: () => api.reset(attempt, part),
    onSuccess: () => {
      announce("Your cluster is back at its start.");
      onClose();
    },
  });
  return (
    <Dialog
      title="Put the cluster back to its start?"
      role="alertdialog"
      open
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Go on working
          </Button>
          <Button look="primary" isPending={reset.isPending} onPress={() => reset.mutate()}>
            {reset.isPending ? "Putting it back…" : "Put it back"}
          </Button>
        </>
      }
    >
      {reset.error ? <ErrorNotice error={reset.error} /> : null}
      <p>What was changed in the cluster is lost, for all tasks of this lab, and its terminals close.</p>
      <p>
        Your answers, notes, flags and hints stay, and the clock goes on. What you did so far is kept for the review.
      </p>
    </Dialog>
  );
}
