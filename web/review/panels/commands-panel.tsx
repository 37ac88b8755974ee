import { useState } from "react";
import type { Timeline } from "../../../server/sessions/protocol/index.ts";
import { Empty } from "../../ui/index.ts";
import { momentText } from "../moment.ts";

export interface CommandsPanelProps {
  readonly timeline: Timeline;
  /** When the work of each command was to be seen. */
  readonly stops: readonly number[];
  readonly from: number;
  readonly at: number;
  readonly onGoTo: (at: number, terminal?: number) => void;
}

/** What was typed, to be searched, and to go to; below each command what it changed. */
export function CommandsPanel({
  timeline: { commands, changes, differences },
  stops,
  from,
  at,
  onGoTo,
}: CommandsPanelProps) {
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const listed = commands
    .map((command, index) => ({ command, index, done: stops[index]! }))
    .filter(({ command: { text } }) => text.toLowerCase().includes(wanted));
  const now = listed.findLast(({ command }) => command.at <= at)?.index;
  const several = new Set(commands.map(({ terminal }) => terminal)).size > 1;
  return (
    <div className="commands-panel">
      <input
        type="search"
        className="field"
        aria-label="Search in what was typed"
        placeholder="Search in what was typed"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          const next = listed.find(({ done }) => done > at) ?? listed[0];
          if (event.key === "Enter" && next) onGoTo(next.done, next.command.terminal ?? undefined);
        }}
      />
      <p className="only-read" role="status">
        {wanted === "" ? "" : `${listed.length} commands found`}
      </p>
      {differences > 0 ? (
        <p className="panel-note">
          Drydock has changed since: the replay took other steps {differences} times, and may differ from what was.
        </p>
      ) : null}
      {commands.length === 0 ? <Empty title="Nothing was typed here." /> : null}
      <ol className="commands">
        {listed.map(({ command, index, done }) => (
          <li key={index}>
            <button
              type="button"
              className="command"
              aria-current={index === now ? "true" : undefined}
              onClick={() => onGoTo(done, command.terminal ?? undefined)}
            >
              <span className="command-at">{momentText(command.at - from)}</span>
              <code>{command.text}</code>
              <CommandEnd {...command} several={several} />
            </button>
            <ul className="command-changes">
              {changes
                .filter((change) => change.at >= command.at && change.at < (commands[index + 1]?.at ?? Infinity))
                .map((change, number) => (
                  <li key={number}>
                    {change.verb} {change.kind} {change.name}
                    {change.fields.slice(0, 3).map(({ path, from: was, to }) => (
                      <span key={path} className="command-field">
                        {path}: {was ?? "nothing"} → {to ?? "nothing"}
                      </span>
                    ))}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface CommandEndProps {
  readonly terminal: number | null;
  readonly host: string;
  readonly status: number | null;
  readonly several: boolean;
}

function CommandEnd({ terminal, host, status, several }: CommandEndProps) {
  const where = `${host}${several && terminal !== null ? `, terminal ${terminal}` : ""}`;
  const end = status === null ? ", did not end" : status === 0 ? "" : `, exit ${status}`;
  return (
    <span className="command-end" data-failed={(status ?? 0) !== 0 || undefined}>
      {where}
      {end}
    </span>
  );
}
