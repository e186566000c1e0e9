import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  clusterAccess,
  readKubeconfig,
} from "../../../../../sandbox/plugins/kubernetes/client/kubeconfig";
import { scratchFolder } from "../../../scratch-folder";

const encode = (text: string): string => Buffer.from(text).toString("base64");

function text(user: object, cluster: object = {}, context: object = {}): string {
  return JSON.stringify({
    "current-context": "here",
    contexts: [
      { name: "here", context: { cluster: "k", user: "u", ...context } },
      { name: "there", context: { cluster: "other", user: "u" } },
    ],
    clusters: [
      { name: "k", cluster: { server: "https://k:6443/", ...cluster } },
      { name: "other", cluster: { server: "https://other" } },
    ],
    users: [{ name: "u", user }],
  });
}

const access = (user: object, cluster?: object, context?: object) =>
  clusterAccess(readKubeconfig(text(user, cluster, context)), {});

describe("a kubeconfig", () => {
  const scratch = scratchFolder();

  it("gives address, authority and namespace of the current context", () => {
    const { server, ca, namespace, insecure } = access(
      { token: "t" },
      { "certificate-authority-data": encode("CA") },
      { namespace: "shop" },
    );
    expect({ server, ca, namespace, insecure }).to.deep.equal({
      server: "https://k:6443",
      ca: "CA",
      namespace: "shop",
      insecure: false,
    });
  });

  it("gives another context on request", () => {
    const config = readKubeconfig(text({}));
    expect(clusterAccess(config, { context: "there" }).server).to.equal("https://other");
    expect(clusterAccess(config, { cluster: "other" }).server).to.equal("https://other");
  });

  it("names the contexts it has when it lacks the wanted one", () => {
    const config = readKubeconfig(text({}));
    expect(() => clusterAccess(config, { context: "nowhere" })).to.throw(
      '"nowhere"; it has: here, there',
    );
  });

  it("is read from a file, with the files it names beside it", () => {
    writeFileSync(join(scratch(), "client.crt"), "CERT");
    const file = join(scratch(), "config");
    writeFileSync(
      file,
      text({ "client-certificate": "client.crt", "client-key-data": encode("KEY") }),
    );
    expect(clusterAccess(readKubeconfig(file), {})).to.deep.include({
      certificate: "CERT",
      key: "KEY",
    });
  });

  it("authorises by token, by password and by a token's file", () => {
    expect(access({ token: "t" }).authorization?.()).to.equal("Bearer t");
    expect(access({ username: "u", password: "p" }).authorization?.()).to.equal(
      `Basic ${encode("u:p")}`,
    );
    const tokenFile = join(scratch(), "token");
    writeFileSync(tokenFile, "from-file\n");
    expect(access({ tokenFile }).authorization?.()).to.equal("Bearer from-file");
  });

  it("authorises by what a credential helper prints", () => {
    const credential = JSON.stringify({ status: { token: "helped" } });
    const exec = { command: process.execPath, args: ["-p", JSON.stringify(credential)], env: null };
    expect(access({ exec }).authorization?.()).to.equal("Bearer helped");
  });

  it("is refused by name where the stand-in does not follow", () => {
    expect(() => access({ "auth-provider": {} })).to.throw("auth-provider");
    expect(() => access({}, { "proxy-url": "http://p" })).to.throw("proxy-url");
  });

  it("is refused when it is none", () => {
    expect(() => readKubeconfig("a: [")).to.throw();
    expect(() => readKubeconfig("/no/such/file")).to.throw(
      "neither a file nor a kubeconfig's text",
    );
  });
});
