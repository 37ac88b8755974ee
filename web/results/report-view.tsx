import type { AttemptReport } from "../../server/sessions/protocol/index.ts";

/** A report: of a graded attempt, or of "check now". */
export function ReportView({ report }: { readonly report: AttemptReport }) {
  return <p>{report.title}</p>;
}
