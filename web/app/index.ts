export { Page, SkipLink, useTitle } from "./page.tsx";
