import { ToggleButton } from "react-aria-components";
import { progressOf, topicsOf, topicTitle, type Lab } from "./topics.ts";

export interface TopicListProps {
  readonly labs: readonly Lab[];
  readonly chosen: string | null;
  readonly onChoose: (topic: string | null) => void;
}

/** Topics with own progress; one of them narrows the list. */
export function TopicList({ labs, chosen, onChoose }: TopicListProps) {
  const rows = [
    { key: null, name: "All labs", ...progressOf(labs) },
    ...topicsOf(labs).map((topic) => ({ key: topic.name, ...topic, name: topicTitle(topic.name) })),
  ];
  return (
    <nav className="topics" aria-label="Topics">
      <ul className="plain">
        {rows.map(({ key, name, labs: count, done }) => (
          <li key={name}>
            <ToggleButton
              className="topic"
              isSelected={chosen === key}
              onChange={() => onChoose(chosen === key ? null : key)}
            >
              <span className="topic-name">{name}</span>
              <span className="topic-count">
                {done}
                <span aria-hidden="true">/</span>
                <span className="only-read"> of </span>
                {count}
                <span className="only-read"> done</span>
              </span>
              {done === 0 ? null : (
                <span className="topic-bar" aria-hidden="true">
                  <span style={{ width: `${(done / count) * 100}%` }} />
                </span>
              )}
            </ToggleButton>
          </li>
        ))}
      </ul>
    </nav>
  );
}
