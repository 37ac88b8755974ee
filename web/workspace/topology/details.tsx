import { Button, Copyable, Icon } from "../../ui/index.ts";
import type { Facts } from "./facts.ts";

export interface DetailsProps {
  readonly facts: Facts;
  /** Types the command into the terminal. */
  readonly onType: (command: string) => void;
  readonly onClose: () => void;
}

/** What is known of the chosen thing, and the command that shows it. */
export function Details({ facts: { kind, name, rows, see }, onType, onClose }: DetailsProps) {
  return (
    <section className="topology-details" aria-label={`${kind} ${name}`}>
      <header>
        <span className="muted">{kind}</span>
        <Button look="quiet" size="small" aria-label="Close the details" onPress={onClose}>
          <Icon name="close" size={14} />
        </Button>
        <h3>{name}</h3>
      </header>
      <div className="topology-see">
        <Copyable look="line" text={see} />
        <Button size="small" onPress={() => onType(see)}>
          Type it into the terminal
        </Button>
      </div>
      <dl>
        {rows.map(([label, values]) => (
          <div key={label}>
            <dt>{label}</dt>
            {values.map((value, at) => (
              <dd key={at}>{value}</dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}
