export { CataloguePage } from "./catalogue-page.tsx";
export { topicTitle } from "./topics.ts";
