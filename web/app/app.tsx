import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { RouterProvider } from "react-aria-components";
import { Route, Switch, useLocation } from "wouter";
import { createQueryClient } from "../api/index.ts";
import { CataloguePage } from "../catalogue/index.ts";
import { Announcer, Loading, Toasts } from "../ui/index.ts";
import { Crash } from "./crash.tsx";
import { Gate } from "./gate.tsx";
import { NotFoundPage } from "./not-found.tsx";

/** Terminals and their libraries load while the catalogue is read, reports with the first result, editors with the first lab that is written. */
const ResultPage = lazy(async () => ({ default: (await import("../results/index.ts")).ResultPage }));
const ManagePage = lazy(async () => ({ default: (await import("../manage/index.ts")).ManagePage }));
const ReviewPage = lazy(async () => ({ default: (await import("../review/index.ts")).ReviewPage }));
const ReviewListPage = lazy(async () => ({ default: (await import("../review/index.ts")).ReviewListPage }));
const AuthoringPage = lazy(async () => ({ default: (await import("../authoring/index.ts")).AuthoringPage }));
const EditorPage = lazy(async () => ({ default: (await import("../authoring/editor/index.ts")).EditorPage }));
const DesignPage = lazy(async () => ({ default: (await import("../design/index.tsx")).DesignPage }));
const loadWorkspace = () => import("../workspace/index.tsx");
const Workspace = lazy(loadWorkspace);
const loadAccount = () => import("../account/index.ts");
const AccountPage = lazy(async () => ({ default: (await loadAccount()).AccountPage }));
const AccountsPage = lazy(async () => ({ default: (await loadAccount()).AccountsPage }));
const InvitationPage = lazy(async () => ({ default: (await loadAccount()).InvitationPage }));
const loadClasses = () => import("../class/index.ts");
const ClassesPage = lazy(async () => ({ default: (await loadClasses()).ClassesPage }));
const ClassPage = lazy(async () => ({ default: (await loadClasses()).ClassPage }));
const AssignmentPage = lazy(async () => ({ default: (await loadClasses()).AssignmentPage }));
const WatchPage = lazy(async () => ({ default: (await import("../class/watch-page.tsx")).WatchPage }));

export function App() {
  const [client] = useState(createQueryClient);
  const [, navigate] = useLocation();
  useEffect(() => {
    // Between a click on Start and the prompt there is no time left to fetch it.
    const timer = setTimeout(() => void loadWorkspace(), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <QueryClientProvider client={client}>
      <RouterProvider navigate={navigate}>
        <Crash>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              <Route path="/invitation" component={InvitationPage} />
              <Route>
                <Gate>
                  <Pages />
                </Gate>
              </Route>
            </Switch>
          </Suspense>
        </Crash>
        <Toasts />
        <Announcer />
      </RouterProvider>
    </QueryClientProvider>
  );
}

/** What is for who is signed in. */
function Pages() {
  return (
    <Switch>
      <Route path="/" component={CataloguePage} />
      <Route path="/attempts/:id/result">{({ id }) => <ResultPage id={id} key={id} />}</Route>
      <Route path="/attempts/:id/manage">{({ id }) => <ManagePage id={id} key={id} />}</Route>
      <Route path="/attempts/:id/watch">{({ id }) => <WatchPage id={id} key={id} />}</Route>
      <Route path="/attempts/:id">{({ id }) => <Workspace id={id} key={id} />}</Route>
      <Route path="/authoring" component={AuthoringPage} />
      <Route path="/authoring/:topic/:id">
        {({ topic, id }) => <EditorPage name={`${topic}/${id}`} key={`${topic}/${id}`} />}
      </Route>
      <Route path="/design" component={DesignPage} />
      <Route path="/review" component={ReviewListPage} />
      <Route path="/review/:id">{({ id }) => <ReviewPage id={id} key={id} />}</Route>
      <Route path="/account" component={AccountPage} />
      <Route path="/accounts" component={AccountsPage} />
      <Route path="/classes" component={ClassesPage} />
      <Route path="/classes/:id">{({ id }) => <ClassPage id={id} key={id} />}</Route>
      <Route path="/classes/:id/assignments/:assignment">
        {({ id, assignment }) => <AssignmentPage id={id} assignment={assignment} key={assignment} />}
      </Route>
      <Route component={NotFoundPage} />
    </Switch>
  );
}
