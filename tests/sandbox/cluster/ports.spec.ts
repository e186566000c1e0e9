import { createServer, type Server } from "node:net";
import { expect } from "chai";
import { choosePorts, isFree } from "../../../sandbox/cluster/ports";

describe("the ports of a cluster", () => {
  let server: Server | undefined;
  const occupy = () =>
    new Promise<number>((resolve) => {
      const listening = createServer().listen({ port: 0, host: "127.0.0.1" }, () => {
        const address = listening.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
      server = listening;
    });
  afterEach((done) => {
    if (server?.listening) {
      server.close(() => done());
    } else {
      done();
    }
  });

  it("are three different free ones for a new sandbox", async () => {
    const ports = Object.values(await choosePorts({}));
    expect(new Set(ports).size).to.equal(3);
    expect(await Promise.all(ports.map(isFree))).to.deep.equal([true, true, true]);
  });

  it("stay the same from one start to the next while they are free", async () => {
    const ports = await choosePorts({});
    expect(await choosePorts(ports)).to.deep.equal(ports);
  });

  it("are chosen anew only where another program has taken one", async () => {
    const ports = await choosePorts({});
    const busy = await occupy();
    const chosen = await choosePorts({ ...ports, etcd: busy });
    expect(chosen.api).to.equal(ports.api);
    expect(chosen.etcd).not.to.equal(busy);
  });

  it("are not free while somebody listens", async () => {
    expect(await isFree(await occupy())).to.equal(false);
  });
});
