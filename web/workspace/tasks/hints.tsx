import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { TaskView } from "../../../server/sessions/protocol/index.ts";
import { api, keys } from "../../api/index.ts";
import { Markdown } from "../../markdown/index.ts";
import { Button, pointsText, toastError } from "../../ui/index.ts";

export interface HintsProps {
  readonly attempt: string;
  readonly part: number;
  readonly task: TaskView;
  readonly over: boolean;
}

/** A task's hints, one at a time. What the next one costs stands there before it is read. */
export function Hints({ attempt, part, task, over }: HintsProps) {
  const client = useQueryClient();
  const place = useRef<HTMLDivElement>(null);
  const read = useMutation({
    mutationFn: () => api.hint(attempt, { part, task: task.id }),
    onSuccess: (view) => {
      client.setQueryData(keys.attempt(attempt), view);
      // The button may be gone with the last hint, and the focus with it.
      place.current?.focus();
    },
    onError: toastError,
  });
  const { hints } = task;
  const number = hints.read.length + 1;
  return (
    <div className="hints" ref={place} tabIndex={-1}>
      {hints.read.length > 0 ? (
        <ol className="hints-read" aria-live="polite">
          {hints.read.map((hint, index) => (
            <li key={index}>
              <Markdown text={hint} />
            </li>
          ))}
        </ol>
      ) : null}
      {hints.next ? (
        <div className="hints-next">
          <Button isDisabled={over} isPending={read.isPending} onPress={() => read.mutate()}>
            Read hint {number} of {hints.total}
          </Button>
          <span className="muted">{costText(hints.next.costs)}</span>
        </div>
      ) : (
        <p className="muted">{hints.total === 0 ? "This task has no hints." : "These are all hints."}</p>
      )}
    </div>
  );
}

function costText(points: number): string {
  if (points === 0) return "It costs nothing.";
  return `It costs ${pointsText(points)} ${points === 1 ? "point" : "points"}.`;
}
