import { useState } from "react";
import type { Review } from "../../server/sessions/protocol/index.ts";
import { useReview } from "../api/index.ts";
import { Page } from "../app/index.ts";
import { ButtonLink, Empty, ErrorNotice, Loading, percentText } from "../ui/index.ts";
import { PartReview } from "./part-review.tsx";
import "./review.css";

/** An attempt as it was, and what there is to say about it. */
export function ReviewPage({ id }: { readonly id: string }) {
  const review = useReview(id);
  const title = review.data === undefined ? "Review" : `Review of ${review.data.attempt.title}`;
  return (
    <Page title={title}>
      {review.data !== undefined ? (
        <Shown review={review.data} />
      ) : review.isError ? (
        <div className="page-alone">
          <h1 className="only-read">Review</h1>
          <ErrorNotice error={review.error} onRetry={() => void review.refetch()} />
        </div>
      ) : (
        <Loading what="the review" />
      )}
    </Page>
  );
}

function Shown({ review }: { readonly review: Review }) {
  const { attempt, parts, percent } = review;
  const [number, setNumber] = useState(parts.find(({ terminals }) => terminals.length > 0)?.part ?? 0);
  const part = parts.find((each) => each.part === number);
  const state = attempt.state === "graded" ? "" : attempt.state === "abandoned" ? " · given up" : " · still running";
  return (
    <div className="review">
      <div className="review-head">
        <div>
          <h1>{attempt.title}</h1>
          <p className="review-who">
            {attempt.learner ?? "One learner"}
            {percent === null ? state : ` · ${percentText(percent)}`}
          </p>
        </div>
        {parts.length > 1 ? (
          <label>
            Lab{" "}
            <select className="field" value={number} onChange={(event) => setNumber(Number(event.target.value))}>
              {parts.map(({ part: each, title, terminals }) => (
                <option key={each} value={each}>
                  {each + 1}. {title}
                  {terminals.length === 0 ? " (untouched)" : ""}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <div className="review-actions">
          {attempt.state === "graded" ? <ButtonLink href={`/attempts/${attempt.id}/result`}>Result</ButtonLink> : null}
          <ButtonLink href="/review">All attempts</ButtonLink>
        </div>
      </div>
      {part === undefined ? (
        <Empty title="Nothing is kept of this attempt." />
      ) : (
        <PartReview key={part.part} review={review} part={part} />
      )}
    </div>
  );
}
