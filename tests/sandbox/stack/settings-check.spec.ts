import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { checkout } from "../../../sandbox/folder";
import { checkSettings } from "../../../sandbox/stack/settings-check";
import { Failure } from "../../../sandbox/terminal/failure";

describe("the check of a stack file before a cluster is started", () => {
  const good = readFileSync(join(checkout, "Pulumi.sandbox.yaml"), "utf8");
  const refusal = (text: string) =>
    checkSettings(text, "Pulumi.sandbox.yaml").then(
      () => expect.fail("was accepted"),
      (error: unknown) => {
        expect(error).to.be.instanceOf(Failure);
        return (error as Failure).message;
      },
    );

  it("accepts the sandbox's own", async () => {
    await checkSettings(good, "Pulumi.sandbox.yaml");
  });

  it("names the file, every problem and the key that was meant", async () => {
    const bad = good.replace("servers: 3", "serverz: 3").replace("version: 17", "version: old");
    const message = await refusal(bad);
    expect(message).to.include("Pulumi.sandbox.yaml");
    expect(message).to.include(
      'slipway:data.nats.serverz: this key is not known; did you mean "servers"?',
    );
    expect(message).to.include("slipway:data.postgres.version");
  });

  it("refuses an unknown key of the project itself", async () => {
    expect(await refusal(`${good}\n  slipway:retentoin: keep\n`)).to.include("slipway:retentoin");
  });

  it("says where a file is not YAML", async () => {
    expect(await refusal("config: [")).to.include("Pulumi.sandbox.yaml is not valid YAML");
  });
});
