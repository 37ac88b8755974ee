import { useSyncExternalStore } from "react";
import { useSignedOut } from "../../api/index.ts";
import { Button, Icon } from "../../ui/index.ts";
import type { Desk } from "../desk.ts";

export interface BannersProps {
  readonly desk: Desk;
  readonly over: boolean;
  readonly paused: boolean;
}

/**
 * What somebody must know while working, across the page: a dead line, a full disk. That the line is dead is said aloud
 * by the bar (ConnectionMark), once and not at every try.
 */
export function Banners({ desk, over, paused }: BannersProps) {
  const { connection, storage } = useSyncExternalStore(desk.subscribe, () => desk.terminals.state);
  useSignedOut(connection);
  return (
    <section className="banners" aria-label="What to know now">
      {connection.is === "lost" ? (
        <div className="banner">
          <Icon name="gone" />
          <p>The connection is gone. Your cluster and clock go on; reconnecting (try {connection.attempt})…</p>
          <Button size="small" onPress={() => desk.terminals.connection.wake()}>
            Try now
          </Button>
        </div>
      ) : null}
      {connection.is === "refused" && !over ? (
        <div className="banner" role="alert">
          <Icon name="gone" />
          <p>The server closed the terminals: {connection.reason || "it gave no reason."}</p>
          <Button size="small" onPress={() => location.reload()}>
            Reload
          </Button>
        </div>
      ) : null}
      {paused ? (
        <div className="banner">
          <Icon name="clock" />
          <p>
            Your instructor has paused this attempt. Its time does not run, and terminals can only be read until it goes
            on; what you wrote is safe.
          </p>
        </div>
      ) : null}
      {storage === undefined ? null : (
        <div className="banner" role="alert">
          <Icon name="warn" />
          <p>{storage}</p>
        </div>
      )}
    </section>
  );
}
