import type { DraftCheck } from "../../../server/sessions/protocol/index.ts";
import { Markdown } from "../../markdown/index.ts";
import { withValues, type Files } from "../drafts/drafts.ts";

export interface PreviewProps {
  readonly files: Files;
  /** The file that is edited. */
  readonly open: string;
  readonly draws: DraftCheck["draws"];
  readonly seed: number;
  readonly onSeed: (seed: number) => void;
}

/** A text as learners read it, with the values of a seed put in. */
export function Preview({ files, open, draws, seed, onSeed }: PreviewProps) {
  const shown = open.endsWith(".md") ? open : (Object.keys(files).find((file) => file === "task.md") ?? open);
  const values = draws.find((draw) => draw.seed === seed)?.values ?? {};
  const text = withValues(files[shown] ?? "", values);
  return (
    <div className="preview">
      <div className="preview-head">
        <code>{shown}</code>
        <label>
          with seed{" "}
          <select value={seed} onChange={(event) => onSeed(Number(event.target.value))}>
            {(draws.length > 0 ? draws.map((draw) => draw.seed) : [seed]).map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </div>
      {Object.keys(values).length > 0 ? (
        <p className="preview-values">
          {Object.entries(values).map(([name, value]) => (
            <code key={name}>
              {name}={value}
            </code>
          ))}
        </p>
      ) : null}
      {shown.endsWith(".md") ? (
        <Markdown text={text} />
      ) : (
        <pre className="preview-text" tabIndex={0}>
          {text}
        </pre>
      )}
    </div>
  );
}

/** What the first seeds draw. */
export function Variants({ draws }: { readonly draws: DraftCheck["draws"] }) {
  const names = Object.keys(draws[0]?.values ?? {});
  if (names.length === 0)
    return (
      <p className="panel-words">
        {draws.length === 0
          ? "The values can be drawn when lab.yaml can be read: look at its problems."
          : "This lab has no variants: every attempt reads the same. variants: in lab.yaml draws names and numbers from the seed."}
      </p>
    );
  return (
    <div className="table-scroll" role="region" aria-label="Values by seed" tabIndex={0}>
      <table className="variants">
        <thead>
          <tr>
            <th scope="col">Seed</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                <code>{name}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {draws.map(({ seed, values }) => (
            <tr key={seed}>
              <th scope="row">{seed}</th>
              {names.map((name) => (
                <td key={name}>{values[name]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
