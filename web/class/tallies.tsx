import { useQuery } from "@tanstack/react-query";
import type { CheckTally } from "../../server/sessions/protocol/index.ts";
import { people, peopleKeys } from "../api/index.ts";
import { Button, ErrorNotice } from "../ui/index.ts";

/** Each check over all graded attempts: how many passed, and what the others had instead. */
export function Tallies({ assignment }: { readonly assignment: string }) {
  const results = useQuery({
    queryKey: peopleKeys.results(assignment),
    queryFn: ({ signal }) => people.results(assignment, signal),
    staleTime: 0,
  });
  if (results.error) return <ErrorNotice error={results.error} onRetry={() => void results.refetch()} />;
  if (results.data === undefined) return null;
  const { checks } = results.data;
  return (
    <section className="class-part" aria-labelledby="checks">
      <div className="class-head">
        <h2 id="checks">Checks</h2>
        <Button size="small" isPending={results.isFetching} onPress={() => void results.refetch()}>
          Read again
        </Button>
      </div>
      {checks.length === 0 ? (
        <p className="class-more">Nobody has submitted yet.</p>
      ) : (
        <ul className="class-rows">
          {checks.map((tally) => (
            <TallyRow key={`${tally.lab}/${tally.check}`} tally={tally} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TallyRow({ tally: { says, passed, graded, broke, others } }: { readonly tally: CheckTally }) {
  return (
    <li className="class-tally">
      <span className="class-row-title">{says}</span>
      <span className="class-tally-bar" aria-hidden="true">
        <span style={{ width: `${graded === 0 ? 0 : (passed / graded) * 100}%` }} />
      </span>
      <span className="class-tally-count">
        {graded === 0 ? "not counted" : `${passed} of ${graded} passed`}
        {graded > 0 && broke > 0 ? `, ${broke} not counted` : ""}
      </span>
      {others.length === 0 ? null : (
        <ul className="class-others">
          {others.map(({ observed, learners }) => (
            <li key={observed}>
              <span>{observed}</span>
              <span className="class-more">{learners.join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
