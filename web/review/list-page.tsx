import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { ReviewFilter, ReviewSummary } from "../../server/sessions/protocol/index.ts";
import { listUrl, people, peopleKeys, useReviews } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { ButtonLink, Empty, ErrorNotice, Loading, percentText } from "../ui/index.ts";
import { dateText } from "./moment.ts";
import "./review.css";

const STATES = { open: "running", grading: "being graded", graded: "graded", abandoned: "given up" } as const;

/** Attempts that can be reviewed. */
export function ReviewListPage() {
  const [filter, setFilter] = useState<ReviewFilter>({});
  const reviews = useReviews(filter);
  const { data } = reviews;
  const filtered = Object.keys(filter).length > 0;
  return (
    <Page title="Review">
      <div className="review-list">
        <div className="review-head">
          <h1>Review</h1>
          <ButtonLink href={listUrl(filter)} download target="_self">
            Export (CSV)
          </ButtonLink>
        </div>
        <Filter filter={filter} onChange={setFilter} />
        <p className="only-read" role="status">
          {data ? `${data.length} attempt${data.length === 1 ? "" : "s"}` : ""}
        </p>
        {reviews.isError ? (
          <ErrorNotice error={reviews.error} onRetry={() => void reviews.refetch()} />
        ) : data === undefined ? (
          <Loading what="the attempts" />
        ) : data.length === 0 ? (
          <Empty title={filtered ? "No attempt fits." : "There are no attempts yet."} />
        ) : (
          <Attempts reviews={data} />
        )}
      </div>
    </Page>
  );
}

interface FilterProps {
  readonly filter: ReviewFilter;
  readonly onChange: (filter: ReviewFilter) => void;
}

function Filter({ filter, onChange }: FilterProps) {
  const set = (key: keyof ReviewFilter, value: string): void => {
    const { [key]: _, ...others } = filter;
    onChange(value === "" ? others : { ...others, [key]: value });
  };
  return (
    <div className="review-filter" role="search">
      <input
        type="search"
        className="field"
        aria-label="Search attempts"
        placeholder="Search by title, lab or learner"
        maxLength={200}
        value={filter.search ?? ""}
        onChange={(event) => set("search", event.target.value)}
      />
      <label>
        State{" "}
        <select className="field" value={filter.state ?? ""} onChange={(event) => set("state", event.target.value)}>
          <option value="">all</option>
          {Object.entries(STATES).map(([state, words]) => (
            <option key={state} value={state}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <ClassFilter value={filter.class ?? ""} onChange={(id) => set("class", id)} />
      <label>
        Kind{" "}
        <select className="field" value={filter.kind ?? ""} onChange={(event) => set("kind", event.target.value)}>
          <option value="">all</option>
          <option value="lab">labs</option>
          <option value="exam">exams</option>
        </select>
      </label>
    </div>
  );
}

/** Attempts that were made for what is assigned in a class; nothing where there are no classes. */
function ClassFilter({ value, onChange }: { readonly value: string; readonly onChange: (id: string) => void }) {
  const list = useQuery({ queryKey: peopleKeys.classes, queryFn: ({ signal }) => people.classes(signal) });
  const classes = list.data?.classes ?? [];
  if (classes.length === 0) return null;
  return (
    <label>
      Class{" "}
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">all</option>
        {classes.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Attempts({ reviews }: { readonly reviews: readonly ReviewSummary[] }) {
  const named = reviews.some(({ learner }) => learner !== null);
  return (
    <div className="review-rows">
      <table>
        <thead>
          <tr>
            {named ? <th scope="col">Learner</th> : null}
            <th scope="col">Attempt</th>
            <th scope="col">Started</th>
            <th scope="col">State</th>
            <th scope="col">Score</th>
            <th scope="col">Failed checks</th>
            <th scope="col">Review</th>
          </tr>
        </thead>
        <tbody>
          {reviews.map((each) => (
            <tr key={each.id}>
              {named ? <td>{each.learner ?? ""}</td> : null}
              <th scope="row">
                <Link href={`/review/${each.id}`}>{each.title}</Link>
                <span className="review-kind">{each.kind}</span>
              </th>
              <td>{dateText(each.startedAt)}</td>
              <td>{STATES[each.state]}</td>
              <td className="number">{each.percent === null ? "" : percentText(each.percent)}</td>
              <td className="number">{each.failed ?? ""}</td>
              <td>{remarksText(each)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function remarksText({ comments, overridden }: ReviewSummary): string {
  const words = comments === 0 ? [] : [`${comments} comment${comments === 1 ? "" : "s"}`];
  return [...words, ...(overridden ? ["points changed"] : [])].join(", ");
}
