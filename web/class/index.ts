export { AssignmentPage } from "./assignment-page.tsx";
export { ClassPage } from "./class-page.tsx";
export { ClassesPage } from "./classes-page.tsx";
