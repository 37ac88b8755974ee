import { lazy, type ReactNode } from "react";
import { useMe } from "../api/index.ts";
import { Loading } from "../ui/index.ts";

const SignInPage = lazy(async () => ({ default: (await import("../account/index.ts")).SignInPage }));

/** The page that was asked for, or signing in first. If the server does not answer, the page says so itself. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const me = useMe();
  if (me.data?.user === null) return <SignInPage />;
  if (me.isPending) return <Loading what="the page" />;
  return children;
}
