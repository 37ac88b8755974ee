import { useLocation } from "wouter";
import type { AttemptReport } from "../../server/sessions/protocol/index.ts";
import { useCatalogue, useStart } from "../api/index.ts";
import { topicTitle } from "../catalogue/index.ts";
import { Button, ButtonLink, Level, percentText, toastError } from "../ui/index.ts";
import { nextLabs, type NextLab } from "./next-labs.ts";

/** Labs to try next, by what this result lacks and by what was done so far. */
export function NextList({ report }: { readonly report: AttemptReport }) {
  const { data } = useCatalogue();
  const next = data ? nextLabs(report, data.labs) : [];
  if (!data || next.length === 0) return null;
  return (
    <section className="no-print" aria-labelledby="next-labs">
      <h2 className="report-heading" id="next-labs">
        What to try next
      </h2>
      <ul className="next-labs">
        {next.map((each) => (
          <NextRow
            key={each.lab.id}
            next={each}
            open={data.open.find(({ kind, of }) => kind === "lab" && of === each.lab.id)?.id}
          />
        ))}
      </ul>
    </section>
  );
}

function NextRow({ next: { lab, topic, lost }, open }: { readonly next: NextLab; readonly open: string | undefined }) {
  const [, navigate] = useLocation();
  const start = useStart();
  const begin = (): void =>
    start.mutate(
      { kind: "lab", of: lab.id },
      { onSuccess: ({ id }) => navigate(`/attempts/${id}`), onError: toastError },
    );
  return (
    <li className="next-lab">
      <span>
        <span className="next-lab-title">{lab.title}</span>
        <span className="next-lab-why">
          {topicTitle(topic)}: {lost ? "points were lost here" : "more of it"}
          {lab.best === null ? "" : `; your best is ${percentText(lab.best)}`}
        </span>
      </span>
      <Level level={lab.level} />
      <span className="next-lab-minutes">{lab.minutes} min</span>
      {open === undefined ? (
        <Button size="small" isDisabled={start.isPending} aria-label={`Start ${lab.title}`} onPress={begin}>
          {start.isPending ? "Starting…" : "Start"}
        </Button>
      ) : (
        <ButtonLink size="small" href={`/attempts/${open}`} aria-label={`Continue ${lab.title}`}>
          Continue
        </ButtonLink>
      )}
    </li>
  );
}
