/**
 * Servers of Docker Hub and elsewhere that labs and notes name, and that are not simulated: they are pulled, start, and say in
 * their logs that they do nothing. `NAME VERSIONS PROGRAM [PORT…]`; a name without a registry is Docker Hub's, one without a
 * slash is an official image.
 */
const SERVERS = `
adminer 4.17.1,5.2.1 /usr/local/bin/php 8080
caddy 2.8.4,2.9.1,2.10.0 /usr/bin/caddy 80 443
cassandra 4.0.17,4.1.8,5.0.4 /opt/cassandra/bin/cassandra 9042
consul 1.14.11,1.15.4 /bin/consul 8500
hashicorp/consul 1.19.2,1.20.6,1.21.0 /bin/consul 8500
drupal 10.4.7,11.1.7 /usr/local/bin/apache2-foreground 80
elasticsearch 7.17.28,8.18.1 /usr/share/elasticsearch/bin/elasticsearch 9200
docker.elastic.co/elasticsearch/elasticsearch 7.17.28,8.18.1 /usr/share/elasticsearch/bin/elasticsearch 9200
docker.elastic.co/kibana/kibana 7.17.28,8.18.1 /usr/share/kibana/bin/kibana 5601
kibana 7.17.28,8.18.1 /usr/share/kibana/bin/kibana 5601
logstash 7.17.28,8.18.1 /usr/share/logstash/bin/logstash 5044
fluentd v1.16.2,v1.17.1,v1.18.0 /usr/bin/fluentd 24224
fluent/fluentd v1.16.2,v1.17.1,v1.18.0 /usr/bin/fluentd 24224
fluent/fluent-bit 3.2.10,4.0.1 /fluent-bit/bin/fluent-bit 2020
ghost 5.120.0 /usr/local/bin/node 2368
gitea/gitea 1.23.8 /usr/bin/gitea 3000
grafana/grafana 10.4.18,11.6.1,12.0.0 /usr/share/grafana/bin/grafana 3000
grafana/loki 3.4.3,3.5.0 /usr/bin/loki 3100
influxdb 1.11.8,2.7.12 /usr/bin/influxd 8086
istio/examples-bookinfo-productpage-v1 1.18.0,1.20.3 /usr/local/bin/productpage 9080
jenkins/jenkins 2.504.1 /usr/local/bin/jenkins.sh 8080
joomla 5.3.0 /usr/local/bin/apache2-foreground 80
kennethreitz/httpbin 1.0 /usr/local/bin/gunicorn 80
mccutchen/go-httpbin v2.15.0,v2.18.1 /bin/go-httpbin 8080
kong/httpbin 0.1.0,0.2.3 /usr/local/bin/gunicorn 80
kicbase/echo-server 1.0 /bin/echo-server 8080
ealen/echo-server 0.7.0,0.9.2 /usr/local/bin/node 80
jmalloc/echo-server 0.3.7 /bin/echo-server 8080
mendhak/http-https-echo 31,35,36 /usr/local/bin/node 8080 8443
kodekloud/webapp-color v1,v2,v3 /usr/local/bin/python 8080
kodekloud/simple-webapp blue,green,red /usr/local/bin/python 8080
kodekloud/ecommerce pay,video,apparels,wear,video-frontend,404 /usr/local/bin/python 8080
kodekloud/event-simulator 1.0 /usr/local/bin/python
mattermost/mattermost-team-edition 10.8.0 /mattermost/bin/mattermost 8065
minio/minio 1.0 /usr/bin/minio 9000 9001
nats 2.10.29,2.11.3 /nats-server 4222 8222
nextcloud 30.0.11,31.0.5 /usr/local/bin/apache2-foreground 80
nginx/nginx-prometheus-exporter 1.4.2 /usr/bin/nginx-prometheus-exporter 9113
paulbouwer/hello-kubernetes 1.5,1.8,1.10.1 /usr/local/bin/node 8080
phpmyadmin 5.2.2 /usr/local/bin/apache2-foreground 80
prom/prometheus v2.53.4,v3.3.1,v3.4.0 /bin/prometheus 9090
quay.io/prometheus/prometheus v2.53.4,v3.3.1,v3.4.0 /bin/prometheus 9090
prom/node-exporter v1.8.2,v1.9.1 /bin/node_exporter 9100
quay.io/prometheus/node-exporter v1.8.2,v1.9.1 /bin/node_exporter 9100
prom/alertmanager v0.28.1 /bin/alertmanager 9093
gcr.io/google-samples/node-hello 1.0,2.0 /usr/bin/node 8080
gcr.io/google-samples/kubernetes-bootcamp v1,v2 /usr/bin/node 8080
gcr.io/k8s-minikube/kubernetes-bootcamp v1,v2 /usr/bin/node 8080
jocatalin/kubernetes-bootcamp v1,v2 /usr/bin/node 8080
registry 2.8.3,3.0.0 /bin/registry 5000
registry.k8s.io/kube-state-metrics/kube-state-metrics v2.14.0,v2.15.0 /kube-state-metrics 8080
kubernetesui/dashboard v2.6.1,v2.7.0 /dashboard 8443
rancher/hello-world v0.1.2 /usr/bin/hello-world 80
stefanprodan/podinfo 6.5.4,6.7.1,6.8.0 /home/app/podinfo 9898 9999
ghcr.io/stefanprodan/podinfo 6.5.4,6.7.1,6.8.0 /home/app/podinfo 9898 9999
sonarqube 10.7.0 /opt/sonarqube/docker/entrypoint.sh 9000
swaggerapi/swagger-ui v5.21.0 /usr/sbin/nginx 8080
tomcat 8.5.100,9.0.105,10.1.41,11.0.7 /usr/local/tomcat/bin/catalina.sh 8080
traefik v2.11.24,v3.3.7,v3.4.0 /usr/local/bin/traefik 80
vault 1.12.7,1.13.3 /bin/vault 8200
hashicorp/vault 1.18.5,1.19.3 /bin/vault 8200
wordpress 4.8-apache,6.2.1-apache,5.9.3,6.7.2,6.8.1 /usr/local/bin/docker-entrypoint.sh 80
zookeeper 3.8.4,3.9.3 /apache-zookeeper-bin/bin/zkServer.sh 2181
bitnami/nginx 1.26.3,1.27.5,1.28.0 /opt/bitnami/nginx/sbin/nginx 8080
bitnami/redis 7.2.9,7.4.3,8.0.1 /opt/bitnami/redis/bin/redis-server 6379
bitnami/mysql 8.0.42,8.4.5 /opt/bitnami/mysql/bin/mysqld 3306
bitnami/postgresql 15.13.0,16.9.0,17.5.0 /opt/bitnami/postgresql/bin/postgres 5432
bitnami/kafka 3.9.0,4.0.0 /opt/bitnami/kafka/bin/kafka-server-start.sh 9092
apache/kafka 3.9.0,4.0.0 /opt/kafka/bin/kafka-server-start.sh 9092
`;

export interface UnsimulatedServer {
  /** `docker.io/library/caddy` */
  readonly name: string;
  readonly versions: readonly string[];
  readonly program: string;
  readonly ports: readonly string[];
}

export const unsimulatedServers: readonly UnsimulatedServer[] = SERVERS.trim()
  .split("\n")
  .map((line) => {
    const [name, versions, program, ...ports] = line.split(" ") as [string, string, string, ...string[]];
    const [first] = name.split("/") as [string];
    const full =
      first.includes(".") && name.includes("/") ? name : `docker.io/${name.includes("/") ? name : `library/${name}`}`;
    return { name: full, versions: versions.split(","), program, ports };
  });
