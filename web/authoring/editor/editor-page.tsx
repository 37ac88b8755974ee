import { useQuery } from "@tanstack/react-query";
import type { StoredLab } from "../../../server/sessions/protocol/index.ts";
import { ApiError } from "../../api/index.ts";
import { Page } from "../../app/index.ts";
import { Button, ButtonLink, Empty, ErrorNotice, Loading, Notice } from "../../ui/index.ts";
import { authoringApi } from "../authoring-api.ts";
import { Editor } from "./editor.tsx";
import { useDraft } from "./use-draft.ts";
import "../authoring.css";
import "./editor.css";

/** A lab in the editor: its draft in this browser, else what is on the server. */
export function EditorPage({ name }: { readonly name: string }) {
  const lab = useQuery({
    queryKey: ["authoring", name],
    queryFn: ({ signal }) => authoringApi.lab(name, signal),
    refetchOnWindowFocus: true,
  });
  const nowhere = lab.error instanceof ApiError && lab.error.code === "unknown-draft";
  return (
    <Page title={name}>
      <Loaded
        name={name}
        // What was read before an error is old, but it is what the draft began with.
        stored={nowhere ? undefined : lab.data}
        error={nowhere || !lab.error ? undefined : lab.error}
        pending={lab.isPending}
        onRetry={() => void lab.refetch()}
      />
    </Page>
  );
}

interface LoadedProps {
  readonly name: string;
  readonly stored: StoredLab | undefined;
  readonly error: Error | undefined;
  readonly pending: boolean;
  readonly onRetry: () => void;
}

function Loaded({ name, stored, error, pending, onRetry }: LoadedProps) {
  const desk = useDraft(name, stored);
  const files = desk.draft?.files ?? stored?.files;
  if (files !== undefined && !(pending && desk.draft))
    return (
      <>
        {error ? (
          <Notice kind="warn" title="Drydock does not answer." action={<Button onPress={onRetry}>Try again</Button>}>
            Write on: your draft is kept in this browser. Saving, trying and proving need the server.
          </Notice>
        ) : null}
        <Editor name={name} files={files} desk={desk} stored={stored} />
      </>
    );
  if (pending) return <Loading what="the lab" />;
  if (error)
    return (
      <div className="page-alone">
        <h1 className="only-read">{name}</h1>
        <ErrorNotice error={error} onRetry={onRetry} />
      </div>
    );
  return (
    <Empty title="There is no such lab." action={<ButtonLink href="/authoring">Open the list of labs</ButtonLink>}>
      Nothing is saved as <code>{name}</code>, and this browser has no draft of it.
    </Empty>
  );
}
