import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { api } from "../../api/index.ts";
import { Button, Dialog, ErrorNotice } from "../../ui/index.ts";

/** Asks before an attempt is given up. */
export function AbandonDialog({ attempt, onClose }: { readonly attempt: string; readonly onClose: () => void }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const abandon = useMutation({
    mutationFn: () => api.abandon(attempt),
    onSuccess: () => {
      navigate("/");
      void client.invalidateQueries();
    },
  });
  return (
    <Dialog
      title="Give this attempt up?"
      role="alertdialog"
      open
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            Go on working
          </Button>
          <Button look="primary" isPending={abandon.isPending} onPress={() => abandon.mutate()}>
            {abandon.isPending ? "Giving up…" : "Give it up"}
          </Button>
        </>
      }
    >
      {abandon.error ? <ErrorNotice error={abandon.error} /> : null}
      <p>It ends now and is not graded. It counts for nothing, and you cannot go on with it.</p>
    </Dialog>
  );
}
