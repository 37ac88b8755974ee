import { lazy, type ReactNode, useEffect, useState } from "react";
import { useMe } from "../api/index.ts";
import { Loading } from "../ui/index.ts";

const SignInPage = lazy(async () => ({ default: (await import("../account/index.ts")).SignInPage }));

/** The page that was asked for, or signing in first. If the server does not answer, the page says so itself. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const me = useMe();
  const [wasIn, setWasIn] = useState(false);
  const user = me.data?.user;
  useEffect(() => {
    if (user) setWasIn(true);
  }, [user]);
  if (user === null) return <SignInPage again={wasIn} />;
  if (me.isPending) return <Loading what="the page" />;
  return children;
}
