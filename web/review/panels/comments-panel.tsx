import { useState, type RefObject } from "react";
import type { Comment } from "../../../server/sessions/protocol/index.ts";
import { useReviewChange } from "../../api/index.ts";
import { announce, Button, Empty, toastError } from "../../ui/index.ts";
import { dateText, momentText } from "../moment.ts";

export interface CommentsPanelProps {
  readonly id: string;
  readonly part: number;
  readonly from: number;
  readonly at: number;
  readonly comments: readonly Comment[];
  readonly onGoTo: (at: number) => void;
  /** Where one writes. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

/** What reviewers say about moments; a new one is about the moment that is shown. */
export function CommentsPanel({ id, part, from, at, comments, onGoTo, field }: CommentsPanelProps) {
  const [text, setText] = useState("");
  const change = useReviewChange(id);
  const write = (): void => {
    const words = text.trim();
    if (words === "" || change.isPending) return;
    change.mutate(
      { do: "comment", comment: { part, at: Math.round(at), text: words } },
      {
        onSuccess: () => {
          setText("");
          announce("The comment is stored.");
        },
        onError: toastError,
      },
    );
  };
  return (
    <div className="comments-panel">
      <form
        className="comment-form"
        onSubmit={(event) => {
          event.preventDefault();
          write();
        }}
      >
        <label htmlFor="comment-text">Comment on {momentText(at - from)}</label>
        <textarea
          id="comment-text"
          className="field"
          rows={3}
          maxLength={4000}
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) write();
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <Button type="submit" look="primary" isDisabled={text.trim() === ""} isPending={change.isPending}>
          Add the comment
        </Button>
        <p className="panel-note">The learner reads it with the result.</p>
      </form>
      {comments.length === 0 ? <Empty title="No comments yet." /> : null}
      <ul className="comments">
        {comments.map((comment) => (
          <li key={comment.id} className="comment">
            <p className="comment-head">
              <button type="button" className="moment-link" onClick={() => onGoTo(comment.at)}>
                <span className="only-read">Go to </span>
                {momentText(comment.at - from)}
              </button>
              <span>
                {comment.by}, {dateText(comment.written)}
              </span>
              <Button
                look="quiet"
                size="small"
                aria-label={`Remove the comment on ${momentText(comment.at - from)}`}
                onPress={() => change.mutate({ do: "remove comment", id: comment.id }, { onError: toastError })}
              >
                Remove
              </Button>
            </p>
            <p className="comment-text">{comment.text}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
