export { ReviewListPage } from "./list-page.tsx";
export { ReviewPage } from "./review-page.tsx";
