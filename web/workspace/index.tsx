import { WorkspacePage } from "./workspace-page.tsx";

export default WorkspacePage;
