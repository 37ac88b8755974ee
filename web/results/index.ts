export { ReportView } from "./report-view.tsx";
export { ResultPage } from "./result-page.tsx";
export { dateText } from "./date-text.ts";
