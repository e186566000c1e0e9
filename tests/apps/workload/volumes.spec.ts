import { expect } from "chai";
import fc from "fast-check";
import {
  mountedVolumes,
  volumeName,
  volumeProblems,
} from "../../../components/apps/workload/volumes";
import { at, deployWorkload } from "../fixtures";

describe("a workload's volumes", () => {
  it("can be a claim that is there already", () => {
    expect(
      mountedVolumes({ "/data": { claim: { name: "pictures", readOnly: true } } }),
    ).to.deep.equal([
      {
        volume: {
          name: "volume-data",
          persistentVolumeClaim: { claimName: "pictures", readOnly: true },
        },
        mount: { name: "volume-data", mountPath: "/data", readOnly: true },
      },
    ]);
  });

  it("can be an empty folder of a size, in memory on request", () => {
    expect(
      mountedVolumes({
        "/cache": { emptyDir: { size: "1Gi" } },
        "/dev/shm": { emptyDir: { size: "64Mi", memory: true } },
      }).map(({ volume }) => volume),
    ).to.deep.equal([
      { name: "volume-cache", emptyDir: { sizeLimit: "1Gi" } },
      { name: "volume-dev-shm", emptyDir: { sizeLimit: "64Mi", medium: "Memory" } },
    ]);
  });

  it("can show keys and a token in one folder, read-only", () => {
    const [mounted] = mountedVolumes({
      "/etc/all": {
        projected: [
          { secret: { name: "keys", files: { tls: "tls.crt" } } },
          { configMap: { name: "settings" } },
          { token: { audience: "vault", file: "token" } },
        ],
      },
    });
    expect(mounted?.mount.readOnly).to.equal(true);
    expect(mounted?.volume).to.have.deep.property("projected", {
      sources: [
        { secret: { name: "keys", items: [{ key: "tls", path: "tls.crt" }] } },
        { configMap: { name: "settings" } },
        { serviceAccountToken: { audience: "vault", path: "token", expirationSeconds: 3600 } },
      ],
    });
  });

  it("are in the container beside the folders it may write", async () => {
    const volumes = { "/data": { claim: { name: "pictures" } } };
    const { inputs } = (await deployWorkload({ volumes })).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.containers.0.volumeMounts")).to.deep.equal([
      { name: "scratch-tmp", mountPath: "/tmp" },
      { name: "volume-data", mountPath: "/data" },
    ]);
  });
});

describe("a volume's name", () => {
  it("is the path of its folder", () => {
    expect(volumeName("claim", "/var/lib/orders")).to.equal("claim-var-lib-orders");
  });

  it("is another one for each folder, and a DNS label", () => {
    const folders = fc.stringMatching(/^(\/[A-Za-z0-9._-]{1,30}){1,4}$/);
    fc.assert(
      fc.property(folders, folders, (one, other) => {
        fc.pre(one !== other);
        expect(volumeName("claim", one)).to.match(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
        expect(volumeName("claim", one)).to.not.equal(volumeName("claim", other));
      }),
    );
    const names = ["/a/b", "/a-b", "/A/b", "/a_b"].map((path) => volumeName("claim", path));
    expect(new Set(names).size).to.equal(4);
  });
});

describe("a folder for temporary files", () => {
  const foldersOf = async (changes: Parameters<typeof deployWorkload>[0]): Promise<unknown> => {
    const { inputs } = (await deployWorkload(changes)).find("Deployment", "orders");
    return (at(inputs, "spec.template.spec.volumes") as readonly { name: string }[]).map(
      ({ name }) => name,
    );
  };

  it("is there unless another folder is at its place", async () => {
    expect(await foldersOf({})).to.deep.equal(["scratch-tmp"]);
    const volumes = { "/tmp": { emptyDir: { size: "1Gi" } } };
    expect(await foldersOf({ volumes })).to.deep.equal(["volume-tmp"]);
    const config = { files: { mountPath: "/tmp", contents: { "app.yaml": "" } } };
    expect(await foldersOf({ config })).to.deep.equal(["config"]);
  });
});

describe("a workload's volumes are refused", () => {
  it("not when they are good", () => {
    expect(volumeProblems({ "/data": { claim: { name: "pictures" } } })).to.deep.equal([]);
  });

  for (const path of ["data", "/", "/data/", "/a:b"]) {
    it(`when their folder is "${path}"`, () => {
      expect(volumeProblems({ [path]: { claim: { name: "a" } } })[0]?.message).to.contain(
        `got "${path}"`,
      );
    });
  }

  it("when an empty folder has no size", () => {
    expect(volumeProblems({ "/a": { emptyDir: { size: "big" } } })[0]?.message).to.contain(
      'got "big"',
    );
  });

  it("when a projection shows two things at one place", () => {
    const token = { audience: "vault", file: "keys/token" } as const;
    const secret = { name: "keys", files: { all: "keys" } };
    const [problem, ...more] = volumeProblems({ "/a": { projected: [{ secret }, { token }] } });
    expect(more).to.deep.equal([]);
    expect(problem?.message).to.contain('two things at "keys/token"');
  });

  it("when a token is good for less than the API server gives", () => {
    const token = { audience: "vault", file: "token", expiration: "5m" } as const;
    expect(volumeProblems({ "/a": { projected: [{ token }] } })[0]?.message).to.contain("600s");
  });
});
