import { Link } from "wouter";
import type { AttemptView } from "../../../server/sessions/protocol/index.ts";
import { ThemeSwitch } from "../../theme/index.ts";
import { Button, Icon, Mark, Tooltip } from "../../ui/index.ts";
import { AttemptClock } from "../clock/attempt-clock.tsx";
import type { Desk } from "../desk.ts";
import type { NumberedTask } from "../tasks/tasks.ts";
import { ConnectionMark } from "./connection-mark.tsx";
import { TaskChips } from "./task-chips.tsx";

export interface BarProps {
  readonly desk: Desk;
  readonly view: AttemptView;
  readonly tasks: readonly NumberedTask[];
  readonly current: string;
  readonly checking: boolean;
  readonly over: boolean;
  readonly onChoose: (task: NumberedTask) => void;
  readonly onCheck: () => void;
  readonly onSubmit: () => void;
  readonly onKeys: () => void;
  readonly onKubectl: () => void;
  readonly onReset: () => void;
  readonly onEnd: () => void;
}

export function Bar(props: BarProps) {
  const { desk, view, tasks, current, checking, over } = props;
  return (
    <header className="bar" data-region="bar">
      <Link
        href="/"
        className="bar-home"
        aria-label="Drydock, catalogue"
        title="To the catalogue: this attempt goes on"
      >
        <Mark />
        <span className="bar-name">Drydock</span>
      </Link>
      <span className="bar-title" title={view.title}>
        {view.title}
      </span>
      <TaskChips tasks={tasks} current={current} onChoose={props.onChoose} />
      <span className="bar-gap" />
      <AttemptClock attempt={view} clock={desk.clock} onEnd={props.onEnd} />
      <ConnectionMark desk={desk} />
      <div className="bar-tools">
        {view.kind === "lab" && !over ? (
          <Tooltip words="Your own kubectl">
            <Button look="quiet" size="small" aria-label="Your own kubectl" onPress={props.onKubectl}>
              <Icon name="download" />
            </Button>
          </Tooltip>
        ) : null}
        {view.kind === "lab" && !over ? (
          <Tooltip words="Put the cluster back to its start">
            <Button look="quiet" size="small" aria-label="Put the cluster back to its start" onPress={props.onReset}>
              <Icon name="again" />
            </Button>
          </Tooltip>
        ) : null}
        <Tooltip words="Keys (?)">
          <Button look="quiet" size="small" aria-label="Keys" onPress={props.onKeys}>
            ?
          </Button>
        </Tooltip>
        <ThemeSwitch />
      </div>
      <div className="bar-actions">
        {view.kind === "lab" ? (
          <Button isDisabled={over} isPending={checking} onPress={props.onCheck}>
            {checking ? "Checking…" : "Check"}
          </Button>
        ) : null}
        <Button look="primary" isDisabled={over} onPress={props.onSubmit}>
          Submit
        </Button>
      </div>
    </header>
  );
}
