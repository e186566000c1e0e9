import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { certificateAuthority, prepareAccess } from "../../../sandbox/cluster/access";
import { kubeconfigText } from "../../../sandbox/cluster/kubeconfig";
import { scratchFolder } from "../scratch-folder";

describe("the credentials of a cluster", () => {
  const folder = scratchFolder();

  it("are made once and kept from one start to the next", () => {
    const first = prepareAccess(folder());
    const second = prepareAccess(folder());
    expect(second.token)
      .to.equal(first.token)
      .and.to.match(/^[0-9a-f]{48}$/);
  });

  it("verify service accounts with the half of the key that signs them", () => {
    const files = prepareAccess(folder());
    const signing = createPrivateKey(readFileSync(files.serviceAccountKey));
    const verifying = readFileSync(files.serviceAccountPublicKey, "utf8");
    const derived = createPublicKey(signing).export({ type: "spki", format: "pem" });
    expect(verifying).to.equal(derived);
  });

  it("are readable by their owner only", () => {
    const files = prepareAccess(folder());
    const modes = [files.tokens, files.serviceAccountKey].map(
      (file) => statSync(file).mode & 0o777,
    );
    expect(modes).to.deep.equal([0o600, 0o600]);
  });

  it("take the last certificate of the server's file as the authority, and none before its first start", () => {
    const pem = (name: string) =>
      `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
    const file = join(folder(), "apiserver.crt");
    expect(certificateAuthority(file)).to.equal(undefined);
    writeFileSync(file, pem("c2VydmVy") + pem("YXV0aG9yaXR5"));
    expect(certificateAuthority(file)).to.equal(pem("YXV0aG9yaXR5"));
  });

  it("make a kubeconfig with one context, which is the current one", () => {
    const config = parse(
      kubeconfigText("name", {
        server: "https://127.0.0.1:1",
        certificateAuthority: "PEM",
        token: "secret",
      }),
    ) as Record<string, unknown>;
    expect(config["current-context"]).to.equal("name");
    expect(config["contexts"]).to.deep.equal([
      { name: "name", context: { cluster: "name", user: "name" } },
    ]);
    expect(config["users"]).to.deep.equal([{ name: "name", user: { token: "secret" } }]);
    expect(config["clusters"]).to.deep.equal([
      {
        name: "name",
        cluster: {
          server: "https://127.0.0.1:1",
          "certificate-authority-data": Buffer.from("PEM").toString("base64"),
        },
      },
    ]);
  });
});
