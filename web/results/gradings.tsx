import type { AttemptReport, Gradings } from "../../server/sessions/protocol/index.ts";
import { Button, Icon, MenuButton, MenuItem, percentText } from "../ui/index.ts";
import { dateText } from "./date-text.ts";

export interface GradingsProps {
  readonly gradings: Gradings;
  /** Of `again`; -1: the first report. */
  readonly shown: number;
  readonly onShow: (grading: number) => void;
}

/** Says which of several reports is shown, which one counts, and with which versions of the labs they were made. */
export function GradingsLine({ gradings: { first, again }, shown, onShow }: GradingsProps) {
  const last = again.length - 1;
  const regrade = again[shown];
  const report = regrade?.report ?? first;
  return (
    <div className="gradings">
      <Icon name="again" />
      <p>
        {regrade ? `Graded again ${dateText(regrade.at)} by ${regrade.by}` : `The first report, ${dateText(first.at)}`}
        {`, ${percentText(report.percent)}`}
        {versionWords(report)}. {shown === last ? "This one counts." : "It does not count any more."}
      </p>
      <div className="no-print">
        <MenuButton
          aria-label="Reports"
          button={
            <Button size="small">
              All reports ({again.length + 1})
              <Icon name="down" size={14} />
            </Button>
          }
          onAction={(key) => onShow(Number(key))}
        >
          {[...again.keys()].toReversed().map((at) => (
            <MenuItem key={at} id={at} textValue={`Graded again ${dateText(again[at]!.at)}`}>
              Graded again {dateText(again[at]!.at)}, {percentText(again[at]!.report.percent)}
              {at === last ? ", counts" : ""}
            </MenuItem>
          ))}
          <MenuItem id={-1} textValue="The first report">
            The first report, {percentText(first.percent)}
          </MenuItem>
        </MenuButton>
      </div>
    </div>
  );
}

function versionWords({ parts }: AttemptReport): string {
  const versions = new Set(parts.flatMap(({ version }) => version ?? []));
  if (versions.size === 0) return "";
  return versions.size === 1 ? `, with lab version ${[...versions][0]!}` : ", with its labs as they were then";
}
