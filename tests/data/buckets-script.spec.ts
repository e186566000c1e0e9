import { expect } from "chai";
import { bucketsScript } from "../../components/data/buckets";
import { callsOf } from "../support/shell";

describe("the script that makes buckets", () => {
  const setting = {
    files: {
      "/setup/bucket.pictures": "pictures",
      "/setup/policy.shop-pictures.json": "{}",
      "/credentials/shop-pictures/secretKey": "pSecret",
    },
    env: {
      MINIO_ENDPOINT: "http://minio.minio.svc:9000",
      MINIO_ROOT_USER: "root-user",
      MINIO_ROOT_PASSWORD: "pRoot",
    },
  };
  const mc = (entities: string) =>
    `case "$*" in *"user add"*) read -r name; read -r key; echo "$name has $key" >> "$0.stdin"; ` +
    `[ "$name" = shop-pictures ] && [ "$key" = pSecret ] ;; *entities*) echo '${entities}' ;; esac`;

  it("makes the bucket, the user and the policy, and gives the one to the other", () => {
    const calls = callsOf(bucketsScript, { ...setting, commands: { mc: mc("{}") } });
    expect(calls.map((call) => call.replace("mc --config-dir /tmp/mc ", ""))).to.deep.equal([
      "alias set store http://minio.minio.svc:9000 root-user pRoot",
      "mb --ignore-existing store/pictures",
      "admin policy create store shop-pictures-policy /setup/policy.shop-pictures.json",
      "admin user add store",
      "admin policy entities store --user shop-pictures --json",
      "admin policy attach store shop-pictures-policy --user shop-pictures",
    ]);
  });

  it("trusts the stack's own authority where there is one", () => {
    const files = { ...setting.files, "/credentials/authority/ca.crt": "a certificate" };
    const calls = callsOf(bucketsScript, {
      ...setting,
      files,
      commands: { mc: mc("{}"), mkdir: "exit 0", cp: "exit 0" },
    });
    expect(calls.slice(0, 2)).to.deep.equal([
      "mkdir -p /tmp/mc/certs/CAs",
      "cp /credentials/authority/ca.crt /tmp/mc/certs/CAs/",
    ]);
  });

  it("does not attach what is attached, which the tool takes for an error", () => {
    const attached = '{"userMappings": [{"policies": [ "shop-pictures-policy" ]}]}';
    const calls = callsOf(bucketsScript, { ...setting, commands: { mc: mc(attached) } });
    expect(calls.filter((call) => call.includes("attach"))).to.deep.equal([]);
  });

  it("writes no application's key into a command line", () => {
    const calls = callsOf(bucketsScript, { ...setting, commands: { mc: mc("{}") } });
    expect(calls.filter((call) => call.includes("pSecret"))).to.deep.equal([]);
  });

  it("waits until the servers answer", () => {
    const calls = callsOf(bucketsScript, {
      ...setting,
      commands: {
        mc: `case "$*" in *"alias set"*) [ -e "$0.up" ] || { touch "$0.up"; exit 1; } ;; esac\n${mc("{}")}`,
        sleep: "exit 0",
      },
    });
    expect(calls[1]).to.equal("sleep 2");
    expect(calls[2]).to.equal(calls[0]);
  });

  it("fails, so that the Job tries again, when a user's key is not there", () => {
    const missing = { ...setting.files, "/credentials/shop-pictures/secretKey": "" };
    expect(() =>
      callsOf(bucketsScript, { ...setting, files: missing, commands: { mc: mc("{}") } }),
    ).to.throw();
  });
});
