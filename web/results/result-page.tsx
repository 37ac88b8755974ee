import { Page } from "../app/index.ts";

export function ResultPage({ id }: { readonly id: string }) {
  return <Page title="Result">{id}</Page>;
}
