import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/index.ts";
import { announce, Button, Dialog, ErrorNotice } from "../../ui/index.ts";

export interface ResetDialogProps {
  readonly attempt: string;
  readonly part: number;
  /** Numbers of the tasks that are worked on in it. */
  readonly tasks: readonly number[];
  readonly onClose: () => void;
}

/** Asks before the cluster is put back to how the lab began. */
export function ResetDialog({ attempt, part, tasks, onClose }: ResetDialogProps) {
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
      <p>
        {tasks.length > 1
          ? `Tasks ${tasks.slice(0, -1).join(", ")} and ${tasks.at(-1)} share this cluster: what`
          : "What"}{" "}
        was changed in it is lost{tasks.length > 1 ? " for all of them" : ""}, and its terminals close.
      </p>
      <p>
        Your answers, notes, flags and hints stay, and the clock goes on. What you did so far is kept for the review.
      </p>
    </Dialog>
  );
}
