import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AttemptSummary } from "../../server/sessions/protocol/index.ts";
import { api, keys } from "../api/index.ts";
import { announce, Button, Dialog, ErrorNotice, Icon, percentText } from "../ui/index.ts";

/** Grades an attempt again as it ended, after its labs were mended. */
export function RegradeControls({ attempt: { id, percent } }: { readonly attempt: AttemptSummary }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const regrade = useMutation({
    mutationFn: () => api.regrade(id),
    onSuccess: ({ again }) => {
      setAsked(false);
      void client.invalidateQueries({ queryKey: keys.attempt(id) });
      announce(`Graded again: ${percentText(again.at(-1)?.report.percent ?? 0)}`);
    },
  });
  return (
    <section aria-labelledby="grading">
      <h2 id="grading" className="manage-heading">
        Grading
      </h2>
      <div className="manage-row">
        <Button onPress={() => setAsked(true)}>
          <Icon name="again" />
          Grade again
        </Button>
        <p className="manage-help">
          With the labs as their files are now: the cluster is graded as it was when the attempt ended.
        </p>
      </div>
      <Dialog
        title="Grade this attempt again?"
        open={asked}
        onClose={() => {
          setAsked(false);
          regrade.reset();
        }}
        actions={
          <>
            <Button onPress={() => setAsked(false)}>Cancel</Button>
            <Button look="primary" isPending={regrade.isPending} onPress={() => regrade.mutate()}>
              {regrade.isPending ? "Grading…" : "Grade again"}
            </Button>
          </>
        }
      >
        {regrade.error ? <ErrorNotice error={regrade.error} /> : null}
        <p>
          The new report counts from then on, also if it is worse than {percentText(percent ?? 0)}. The first report is
          kept and stays readable on the result page.
        </p>
      </Dialog>
    </section>
  );
}
