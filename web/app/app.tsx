import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { RouterProvider } from "react-aria-components";
import { Route, Switch, useLocation } from "wouter";
import { createQueryClient } from "../api/index.ts";
import { CataloguePage } from "../catalogue/index.ts";
import { Announcer, Loading, Toasts } from "../ui/index.ts";
import { Crash } from "./crash.tsx";
import { NotFoundPage } from "./not-found.tsx";

/** Terminals and their libraries load while the catalogue is read, reports with the first result. */
const ResultPage = lazy(async () => ({ default: (await import("../results/index.ts")).ResultPage }));
const DesignPage = lazy(async () => ({ default: (await import("../design/index.tsx")).DesignPage }));
const loadWorkspace = () => import("../workspace/index.tsx");
const Workspace = lazy(loadWorkspace);

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
              <Route path="/" component={CataloguePage} />
              <Route path="/attempts/:id/result">{({ id }) => <ResultPage id={id} key={id} />}</Route>
              <Route path="/attempts/:id">{({ id }) => <Workspace id={id} key={id} />}</Route>
              <Route path="/design" component={DesignPage} />
              <Route component={NotFoundPage} />
            </Switch>
          </Suspense>
        </Crash>
        <Toasts />
        <Announcer />
      </RouterProvider>
    </QueryClientProvider>
  );
}
