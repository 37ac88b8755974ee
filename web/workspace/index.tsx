export { browserTimers, Connection, fromBase64, webSocket, type ConnectionState } from "./connection/index.ts";
export { USUAL_FONT_SIZE } from "./desk.ts";
export { XtermScreen } from "./terminals/xterm-screen.ts";
import { WorkspacePage } from "./workspace-page.tsx";

export default WorkspacePage;
