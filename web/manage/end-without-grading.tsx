import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, keys } from "../api/index.ts";
import { announce, Button, Dialog, ErrorNotice } from "../ui/index.ts";

/** Ends an open attempt that nobody will go on with. */
export function EndWithoutGrading({ attempt }: { readonly attempt: string }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const abandon = useMutation({
    mutationFn: () => api.abandon(attempt),
    onSuccess: () => {
      setAsked(false);
      void client.invalidateQueries({ queryKey: keys.attempt(attempt) });
      announce("The attempt is over.");
    },
  });
  return (
    <section aria-labelledby="ending">
      <h2 id="ending" className="manage-heading">
        End
      </h2>
      <div className="manage-row">
        <Button onPress={() => setAsked(true)}>End without grading</Button>
        <p className="manage-help">For an attempt that nobody will go on with: it counts for nothing.</p>
      </div>
      <Dialog
        title="End this attempt without grading?"
        open={asked}
        onClose={() => {
          setAsked(false);
          abandon.reset();
        }}
        actions={
          <>
            <Button onPress={() => setAsked(false)}>Cancel</Button>
            <Button look="primary" isPending={abandon.isPending} onPress={() => abandon.mutate()}>
              {abandon.isPending ? "Ending…" : "End it"}
            </Button>
          </>
        }
      >
        {abandon.error ? <ErrorNotice error={abandon.error} /> : null}
        <p>Its learner cannot go on with it, and there is no result. What was done is kept for the review.</p>
      </Dialog>
    </section>
  );
}
