/** Deployments and what else runs Pods. */
export const WORKLOADS: Readonly<Record<string, string>> = {
  "application/deployment.yaml": deployment("nginx-deployment", 2, "nginx:1.14.2"),
  "application/deployment-update.yaml": deployment("nginx-deployment", 2, "nginx:1.16.1"),
  "application/deployment-scale.yaml": deployment("nginx-deployment", 4, "nginx:1.14.2"),
};

function deployment(name: string, replicas: number, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: nginx
  replicas: ${replicas}
  template:
    metadata:
      labels:
        app: nginx
    spec:
      containers:
      - name: nginx
        image: ${image}
        ports:
        - containerPort: 80
`;
}
