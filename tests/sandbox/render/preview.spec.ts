import { expect } from "chai";
import { previewMessages } from "../../../sandbox/render/preview";

const failed = { stdout: "", stderr: "" };

describe("the message of a failed preview", () => {
  it("is the engine's errors with the resource they are about", () => {
    const preview = {
      diagnostics: [
        { severity: "warning", message: "slow" },
        {
          severity: "error",
          urn: "urn:pulumi:s::slipway::t::data-nats",
          message: "no such chart\n",
        },
        { severity: "error", message: "preview failed" },
      ],
    };
    expect(previewMessages(failed, preview)).to.equal(
      "  data-nats: no such chart\n  preview failed",
    );
  });

  it("is what the CLI printed when it did not come as far as the engine", () => {
    expect(previewMessages({ ...failed, stderr: "error: no stack\n" }, undefined)).to.equal(
      "  error: no stack",
    );
  });
});
