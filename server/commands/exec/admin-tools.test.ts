import { beforeAll, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** kubeadm and etcdctl as an admin uses them between exercises; one cluster for all, whose tests read and add only. */
let world: World;

beforeAll(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

const PKI = "/etc/kubernetes/pki/etcd";
const ETCDCTL = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/ca.crt --cert=${PKI}/server.crt --key=${PKI}/server.key`;

test("a join command names a token that the API server has, and the authority's public key", async () => {
  const [join, hash, listed, gone] = await said(
    "J=$(kubeadm token create --print-join-command); echo $J",
    "openssl x509 -pubkey -noout -in /etc/kubernetes/pki/ca.crt | openssl rsa -pubin -outform der 2>/dev/null | openssl dgst -sha256 -hex | sed 's/^.* //'",
    "T=$(echo $J | awk '{print $5}'); kubeadm token list | grep $T | awk '{print $2, $4}'; kubectl -n kube-system get secret bootstrap-token-${T%%.*} -o jsonpath={.type}",
    "kubeadm token delete ${T%%.*} | sed s/${T%%.*}/ID/; kubeadm token list | grep -c $T",
  );
  expect(join).toMatch(
    /^kubeadm join 172\.30\.1\.2:6443 --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:/,
  );
  expect(join!.trim().endsWith(`sha256:${hash!.trim()}`)).toBe(true);
  expect(listed).toBe("23h authentication,signing\nbootstrap.kubernetes.io/token");
  expect(gone).toBe('bootstrap token "ID" deleted\n0\n');
});

test("certificates end when their files say, and a renewed one is new, of the same name and the same authority", async () => {
  const [before, renewed, after, same] = await said(
    "kubeadm certs check-expiration | grep -E '^(apiserver|ca) '",
    "kubeadm certs renew apiserver | tail -1",
    "kubeadm certs check-expiration | grep '^apiserver '",
    "cd /etc/kubernetes/pki; openssl verify -CAfile ca.crt apiserver.crt; openssl x509 -noout -subject -in apiserver.crt; diff <(openssl x509 -noout -pubkey -in apiserver.crt) <(openssl rsa -pubout -in apiserver.key 2>/dev/null) && echo own key",
  );
  expect(before).toBe(
    "apiserver                  Nov 16, 2027 09:50 UTC   359d            ca                      no      \nca                      Nov 13, 2036 09:50 UTC   9y              no      \n",
  );
  expect(renewed).toBe("certificate for serving the Kubernetes API renewed\n");
  expect(after).toMatch(/^apiserver +Nov 21, 2027 10:0\d UTC +364d +ca +no +\n$/);
  expect(same).toBe("apiserver.crt: OK\nsubject=CN = kube-apiserver\nown key\n");
});

test("etcd answers who shows a certificate of its authority, and has what the API server stores", async () => {
  const [members, keys, snapshot, nobody] = await said(
    `${ETCDCTL} member list`,
    `kubectl create configmap here > /dev/null; ${ETCDCTL} get /registry/configmaps/default --prefix --keys-only`,
    `${ETCDCTL} snapshot save /tmp/s.db 2> /dev/null; ${ETCDCTL} snapshot status /tmp/s.db 2> /dev/null | awk -F, '{print $2 > 400, $3 > 100}'`,
    `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/ca.crt member list 2>&1 | grep -o -E 'tls: [a-z ]*|^Error.*'`,
  );
  expect(members).toBe(
    "264d7b068180479b, started, controlplane, https://172.30.1.2:2380, https://172.30.1.2:2379, false\n",
  );
  expect(keys).toContain("/registry/configmaps/default/here\n\n");
  expect(snapshot).toMatch(/^Snapshot saved at \/tmp\/s\.db\n/);
  expect(nobody).toBe("tls: certificate required\nError: context deadline exceeded\n");
});

test("flags of another command are unknown, as to cobra", async () => {
  const [token, certificates, members] = await said(
    "kubeadm token create --cert-dir /tmp 2>&1 | head -1",
    "kubeadm certs renew apiserver --ttl 3h 2>&1 | head -1",
    `${ETCDCTL} member list --prefix 2>&1`,
  );
  expect([token, certificates]).toEqual(["unknown flag: --cert-dir\n", "unknown flag: --ttl\n"]);
  expect(members).toBe("Error: unknown flag: --prefix\n");
});
