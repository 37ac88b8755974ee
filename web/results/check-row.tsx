import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import type { CheckResult } from "../../grader/result.ts";
import { Copyable, Icon, Score } from "../ui/index.ts";
import { EvidenceList } from "./evidence.tsx";
import { Quoted } from "./quoted.tsx";
import { outcomes } from "./outcomes.ts";

export interface CheckRowProps {
  readonly result: CheckResult;
  readonly open: boolean;
  readonly level: 3 | 4 | 5;
}

/** A check: its outcome, what it says and its points; opened, everything that makes one believe it. */
export function CheckRow({ result, open, level }: CheckRowProps) {
  const { outcome, says, points, of, why, observed } = result;
  const { glyph, word } = outcomes[outcome];
  return (
    <li className="check" data-outcome={outcome}>
      <Disclosure defaultExpanded={open}>
        <Heading level={level} className="check-heading">
          <Button slot="trigger" className="check-button">
            <span className="check-outcome">
              <Icon name={glyph} />
              {word}
            </span>
            <span className="check-words">
              <span className="check-says">
                <Quoted text={says} />
              </span>
              {outcome === "pass" ? null : (
                <span className="check-brief">
                  <Quoted text={why ?? observed} />
                </span>
              )}
            </span>
            <span className="check-points">
              {outcome === "broke" ? <span className="check-none">no points</span> : <Score points={points} of={of} />}
            </span>
            <Icon name="down" />
          </Button>
        </Heading>
        <DisclosurePanel className="check-panel">
          <Details result={result} />
        </DisclosurePanel>
      </Disclosure>
    </li>
  );
}

function Details({ result: { outcome, expected, observed, why, see, evidence } }: { readonly result: CheckResult }) {
  return (
    <div className="check-details">
      {outcome === "broke" ? (
        <p className="check-broke">The check itself failed. Its points count neither for nor against you.</p>
      ) : null}
      <dl className="check-compare">
        <div>
          <dt>Expected</dt>
          <dd>
            <Quoted text={expected} />
          </dd>
        </div>
        <div data-outcome={outcome}>
          <dt>Observed</dt>
          <dd>
            <Quoted text={observed} />
          </dd>
        </div>
      </dl>
      {why === undefined ? null : (
        <div className="check-why">
          <p className="check-label">Why</p>
          <p>
            <Quoted text={why} copyable />
          </p>
        </div>
      )}
      {see === undefined ? null : (
        <div>
          <p className="check-label">The command that shows it</p>
          <Copyable text={see} look="line" />
        </div>
      )}
      <EvidenceList evidence={evidence} passed={outcome === "pass"} />
    </div>
  );
}
