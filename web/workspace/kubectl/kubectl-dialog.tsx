import { Button, ButtonLink, Copyable, Dialog, ErrorNotice } from "../../ui/index.ts";
import { kubeconfigUrl, useKubernetes } from "../../api/index.ts";
import "./kubectl.css";

export interface KubectlDialogProps {
  readonly attempt: string;
  readonly part: number;
  readonly onClose: () => void;
}

/** How one's own kubectl, k9s or Helm reaches the cluster of a part. */
export function KubectlDialog({ attempt, part, onClose }: KubectlDialogProps) {
  const { data, error } = useKubernetes(attempt, part);
  const file = part === 0 ? "drydock.kubeconfig" : `drydock-${part + 1}.kubeconfig`;
  return (
    <Dialog
      title="Your own kubectl"
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Close</Button>
          {data ? (
            <ButtonLink look="primary" href={kubeconfigUrl(attempt, part)} download={file} autoFocus>
              Download the kubeconfig
            </ButtonLink>
          ) : null}
        </>
      }
    >
      {error ? <ErrorNotice error={error} /> : null}
      {!data && !error ? <p role="status">Asking for the address of your cluster…</p> : null}
      {data ? (
        <div className="own-kubectl">
          <p>
            This cluster answers programs on this machine: kubectl from 1.30 on, and other clients of the Kubernetes
            API. What they do counts like what you type here.
          </p>
          <ol>
            <li>
              <p>Download the kubeconfig, and name it in a shell of your own.</p>
              <Copyable look="line" text={`export KUBECONFIG=~/Downloads/${file}`} />
            </li>
            <li>
              <p>Then work as with any cluster.</p>
              <Copyable look="line" text="kubectl get pods -A" />
              <Copyable look="line" text="k9s -A" />
              <Copyable look="line" text="helm list -A" />
            </li>
          </ol>
          <p>
            The address alone, for other clients: <Copyable text={data.server} />
          </p>
          <p className="own-kubectl-note">
            Whoever has this address is the cluster’s administrator. It ends with the attempt. Also <code>exec</code>,{" "}
            <code>cp</code>, <code>logs -f</code> and <code>port-forward</code> work; a forwarded port reaches the
            simulated Pod.
          </p>
        </div>
      ) : null}
    </Dialog>
  );
}
