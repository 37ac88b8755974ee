import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { AttemptManagement } from "../../server/sessions/protocol/index.ts";
import { api, keys } from "../api/index.ts";
import { announce, Button, Icon, toastError } from "../ui/index.ts";

/** As many minutes as the server gives at once. */
const MOST = 600;

/** The clock of an open attempt: stopped, let go on, and given more time if it has an end. */
export function ClockControls({ data: { attempt } }: { readonly data: AttemptManagement }) {
  const { id, pausedAt, endsAt } = attempt;
  const client = useQueryClient();
  const [minutes, setMinutes] = useState("10");
  const done = {
    onSuccess: (now: AttemptManagement) => client.setQueryData(keys.management(id), now),
    onError: toastError,
  };
  const paused = pausedAt !== undefined;
  const turn = useMutation({ mutationFn: () => (paused ? api.resume(id) : api.pause(id)), ...done });
  const give = useMutation({ mutationFn: (count: number) => api.giveTime(id, count), ...done });
  const count = Number(minutes);
  const fits = Number.isInteger(count) && count !== 0 && Math.abs(count) <= MOST;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fits) give.mutate(count, { onSuccess: () => announce("The time was given.") });
  };
  return (
    <section className="manage-clock" aria-labelledby="clock">
      <h2 id="clock" className="manage-heading">
        Clock
      </h2>
      <div className="manage-row">
        <Button look={paused ? "primary" : "plain"} isPending={turn.isPending} onPress={() => turn.mutate()}>
          <Icon name={paused ? "play" : "clock"} />
          {paused ? "Let it go on" : "Pause"}
        </Button>
        <p className="manage-help">
          {paused
            ? "The learner sees that it is paused, and can read but not type."
            : "For an outage: time stops, terminals can only be read, and nothing is lost."}
        </p>
      </div>
      {endsAt === null ? null : (
        <form className="manage-row" onSubmit={submit}>
          <label className="manage-minutes">
            Minutes
            <input
              className="manage-field"
              type="number"
              inputMode="numeric"
              min={-MOST}
              max={MOST}
              value={minutes}
              onChange={({ target }) => setMinutes(target.value)}
            />
          </label>
          <Button type="submit" isDisabled={!fits || give.isPending}>
            {count < 0 ? "Take time back" : "Give extra time"}
          </Button>
          <p className="manage-help">Below 0 takes back what was given before.</p>
        </form>
      )}
    </section>
  );
}
