export { AuthoringPage } from "./authoring-page.tsx";
