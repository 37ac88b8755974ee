export { ReportView } from "./report-view.tsx";
export { ResultPage } from "./result-page.tsx";
