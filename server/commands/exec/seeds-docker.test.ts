import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { turn } from "../../sim/kernel/testing.ts";
import { WORLD_PRESETS } from "../../sim/presets/index.ts";
import { boot, World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { typed } from "./testing.ts";

/** Row D1 of the source notes (SEEDS.md): containers' networks before there was Kubernetes. */
let booted: World;
let world: World;

beforeAll(async () => {
  booted = await boot(worldCode(), WORLD_PRESETS["docker"]!.topology, { seed: 1, turn });
}, 60_000);

beforeEach(() => {
  world = booted.fork({ seed: 1 });
});

const said = (...lines: string[]): Promise<string[]> => typed(world, lines, "docker");

describe("D1 docker", () => {
  test("has three networks from the start; others are made, listed, inspected and removed", async () => {
    const [ls, made, inspected, removed, again] = await said(
      "docker network ls",
      "docker network create --subnet 10.5.0.0/16 shop | wc -c; docker network ls -f driver=bridge --format '{{.Name}} {{.Driver}}'",
      "docker network inspect shop -f '{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}} {{.Driver}}'; ip -br a show type bridge | awk '{print $2, $3}'",
      "docker network rm shop bridge nope; echo $?",
      "docker network create host; docker network create a; docker network create a; docker network create --subnet 172.17.5.0/24 b",
    );
    expect(ls!.replaceAll(/^[0-9a-f]{12}/gm, "‹id›        ")).toBe(
      "NETWORK ID     NAME      DRIVER    SCOPE\n" +
        ["bridge    bridge", "host      host  ", "none      null  "]
          .map((cells) => `‹id›           ${cells}    local\n`)
          .join(""),
    );
    expect(made).toBe("65\nbridge bridge\nshop bridge\n");
    expect(inspected).toBe("10.5.0.0/16 10.5.0.1 bridge\nDOWN 172.17.0.1/16\nDOWN 10.5.0.1/16\n");
    expect(removed).toBe(
      "shop\n1\nError response from daemon: bridge is a pre-defined network and cannot be removed\nError response from daemon: network nope not found\n",
    );
    expect(again!.split("\n").slice(1)).toEqual([
      "Error response from daemon: operation is not permitted on predefined host network ",
      "Error response from daemon: network with name a already exists",
      "Error response from daemon: invalid pool request: Pool overlaps with other one on this address space",
      "",
    ]);
  });

  test("none has only lo, host is the machine's own network, bridge a veth on docker0", async () => {
    const [none, host, bridge, ports] = await said(
      "docker run --rm --network none busybox ip link 2>/dev/null | grep -c mtu",
      "docker run --rm --network host busybox sh -c 'hostname; ip -o -4 addr show eth0' | awk '{print $1, $4}'",
      "docker run -d --name web --network bridge nginx >/dev/null 2>&1; docker exec web cat /etc/hosts | tail -1 | cut -f1; docker inspect -f '{{.NetworkSettings.IPAddress}} {{.NetworkSettings.Gateway}}' web",
      "ip -br link show docker0 | awk '{print $2}'; bridge link | grep -c 'master docker0'; curl -s 172.17.0.2 | grep -c nginx.org",
    );
    expect(none).toBe("1\n");
    expect(host).toBe("docker \n2: 192.168.56.11/24\n");
    expect(bridge).toBe("172.17.0.2\n172.17.0.2 172.17.0.1\n");
    expect(ports).toBe("UP\n1\n1\n");
  });

  test("a published port is a rule, a process, and open to other machines; the container's own address is not", async () => {
    const [, rules, here, ps] = await said(
      "docker run -d --name web -p 8080:80 nginx",
      "iptables -t nat -S DOCKER; iptables -S DOCKER; iptables -t raw -S PREROUTING",
      "curl -s -o /dev/null -w '%{http_code}\\n' localhost:8080; ss -tlnp | grep -c docker-proxy",
      "docker ps --format '{{.Names}} {{.Ports}}'; docker port web",
    );
    const [there] = await typed(
      world,
      [
        "curl -s -o /dev/null -w '%{http_code}\\n' 192.168.56.11:8080; ip route add 172.17.0.0/16 via 192.168.56.11; curl -m 2 -s 172.17.0.2; echo $?",
      ],
      "outside",
    );
    const [taken, after] = await said(
      "docker run -d --name two -p 8080:80 nginx 2>&1 >/dev/null | head -1 | sed 's/.*failed: //; s/.*): //'",
      "docker rm -f web >/dev/null; iptables -t nat -S DOCKER; ss -tlnp | grep -c docker-proxy",
    );
    expect(rules).toBe(
      "-N DOCKER\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\n" +
        "-N DOCKER\n-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT\n-A DOCKER ! -i docker0 -o docker0 -j DROP\n" +
        "-P PREROUTING ACCEPT\n-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP\n",
    );
    expect(here).toBe("200\n2\n");
    expect(ps).toBe("web 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp\n80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n");
    expect(there).toBe("200\n28\n");
    expect(taken).toBe("port is already allocated\n");
    expect(after).toBe("-N DOCKER\n0\n");
  });

  test("names resolve in a network that somebody made, not in the default one; connect and disconnect take effect", async () => {
    const [, byName, none, joined, left] = await said(
      "docker network create shop; docker run -d --name db --network shop busybox sleep 1000; docker run -d --name old busybox sleep 1000",
      "docker run --rm --network shop busybox ping -c1 db | grep -c '0% packet loss'; docker exec db grep nameserver /etc/resolv.conf",
      "docker exec old ping -c1 db; echo $?; docker exec old ping -c1 -W1 172.18.0.2 | grep -c '100% packet loss'",
      "docker network connect --alias cache shop old; docker exec old ping -c1 db | grep -c '0% packet loss'; docker exec db ping -c1 cache | grep -c '0% packet loss'; docker network rm shop 2>&1 | grep -o 'has active endpoints'",
      "docker network disconnect shop old; docker exec old ip -o link | grep -c eth1; docker exec old ping -c1 db; docker network disconnect shop old 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/'",
    );
    expect(byName).toBe("1\nnameserver 127.0.0.11\n");
    expect(none).toBe("1\n1\nping: bad address 'db'\n");
    expect(joined).toBe("1\n1\nhas active endpoints\n");
    expect(left).toBe(
      "0\nError response from daemon: container ID is not connected to network shop\nping: bad address 'db'\n",
    );
  });

  test("containers live on in a world that is restored, and end with their policy", async () => {
    await said(
      "docker run -d --name keep --restart always busybox sleep 5; docker run -d --name once --rm busybox sleep 5",
    );
    await world.run(() => false, world.now + 30e6);
    const restored = World.restore(worldCode(), structuredClone(world.snapshot()), { turn });
    const [state] = await typed(
      restored,
      ["docker ps -a --format '{{.Names}} {{.State}}'; docker inspect -f '{{.RestartCount}}' keep"],
      "docker",
    );
    const [line, count] = state!.split("\n");
    expect(line).toBe("keep running");
    expect(Number(count)).toBeGreaterThan(3);
  });

  test("images that were built and volumes live on in a world that is restored", async () => {
    await said(
      "printf 'FROM nginx\\nRUN echo built > /usr/share/nginx/html/index.html\\n' | docker build -q -t shop - 2>/dev/null",
      "docker run --rm -v kept:/k busybox sh -c 'echo here > /k/f' 2>/dev/null; docker rmi nginx >/dev/null",
    );
    const restored = World.restore(worldCode(), structuredClone(world.snapshot()), { turn });
    const [served, kept] = await typed(
      restored,
      [
        "docker run -d -p 80:80 shop > /dev/null; sleep 1; curl -s localhost",
        "docker run --rm -v kept:/k busybox cat /k/f; docker images --format '{{.Repository}}'",
      ],
      "docker",
    );
    expect(served).toBe("built\n");
    expect(kept).toBe("here\nshop\nbusybox\n");
  });

  test("-P publishes what the image exposes, -u runs as somebody else, what is not simulated says so", async () => {
    const [published, user, refused] = await said(
      "docker run -d --name web -P --expose 81 nginx >/dev/null 2>&1; docker port web; curl -s -o /dev/null -w '%{http_code}\\n' localhost:32768",
      "docker run --rm -u nobody busybox id -un 2>/dev/null; docker run --rm -u 7:8 busybox sh -c 'id -u; id -g'; docker run --rm -u nosuch busybox id 2>&1 | grep -o 'unable to find user.*'",
      "docker run --memory 64m busybox true; echo $?",
    );
    expect(published).toBe(
      "80/tcp -> 0.0.0.0:32768\n80/tcp -> [::]:32768\n81/tcp -> 0.0.0.0:32769\n81/tcp -> [::]:32769\n200\n",
    );
    expect(user).toBe("nobody\n7\n8\nunable to find user nosuch: no matching entries in passwd file\n");
    expect(refused).toBe("64\ndrydock: docker: '--memory' is not simulated\n");
  });

  test("a published port behind which nobody listens takes connections on the host itself, and resets them", async () => {
    const [said56, refused] = await said(
      "docker run -d --name shop -p 8080:81 nginx >/dev/null 2>&1; curl -sS 127.0.0.1:8080; echo $?",
      "ssh -o StrictHostKeyChecking=accept-new 192.168.56.20 curl -sS 192.168.56.11:8080 2>&1 | tail -1",
    );
    expect(said56).toBe("56\ncurl: (56) Recv failure: Connection reset by peer\n");
    expect(refused).toMatch(
      /^curl: \(7\) Failed to connect to 192.168.56.11 port 8080 after \d+ ms: Couldn't connect to server\n$/,
    );
  });

  test("without the daemon the client says so", async () => {
    const [down, up] = await said(
      "docker run -d --name keep --restart always busybox sleep 500 >/dev/null 2>&1; systemctl stop docker; docker ps; echo $?",
      "systemctl start docker; sleep 2; docker ps --format '{{.Names}} {{.State}}'",
    );
    expect(down).toBe(
      "1\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
    );
    expect(up).toBe("keep running\n");
  });
});
