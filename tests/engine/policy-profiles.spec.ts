import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROFILES, type Profile } from "../../policy/core/profile";
import { program, root, type Run } from "./support";

/** How the rule about digests, and one that is off by default, end up on a workload that breaks both. */
const EXPECTED: Readonly<
  Record<Profile, { code: 0 | 1; digest: RegExp; users: RegExp | undefined }>
> = {
  baseline: { code: 0, digest: /\[advisory\].*image-digest/, users: undefined },
  production: { code: 0, digest: /\[advisory\].*image-digest/, users: undefined },
  strict: { code: 1, digest: /\[mandatory\].*image-digest/, users: undefined },
  all: { code: 1, digest: /\[mandatory\].*image-digest/, users: /\[advisory\].*host-users/ },
};

describe("the profiles of the policy pack on the engine", function () {
  this.timeout("3m");
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-profiles-"));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const profile of PROFILES) {
    it(`judge as ${profile} says`, async () => {
      const { code, digest, users } = EXPECTED[profile];
      const run = await previewUnder(profile);
      expect(run.code === 0 ? 0 : 1, run.text).to.equal(code);
      expect(run.text).to.match(digest);
      if (users === undefined) {
        expect(run.text).not.to.contain("host-users");
      } else {
        expect(run.text).to.match(users);
      }
    });
  }

  function previewUnder(profile: Profile): Promise<Run> {
    const config = join(folder, `${profile}.json`);
    writeFileSync(config, JSON.stringify({ configuration: { profile } }));
    const pack = ["--policy-pack", join(root, "policy"), "--policy-pack-config", config];
    return program("planted", ["preview", ...pack], { "planted:fault": "none" });
  }
});
