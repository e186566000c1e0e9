import { expect } from "chai";
import { editTable } from "../../../operations/charts/table";

const digest = `sha256:${"a1".repeat(32)}` as const;

const before = `import type { ChartCoordinates } from "./kit/chart";

/** A bump is one line. */
export const charts = {
  nats: {
    repository: "https://charts.example.com",
    chart: "nats",
    version: "1.0.0",
  },
  // Archived.
  minio: {
    repository: "https://charts.example.org",
    chart: "minio",
    version: "5.4.0",
    digest: "sha256:${"0".repeat(64)}",
  },
} as const satisfies Readonly<Record<string, ChartCoordinates>>;
`;

describe("the table of charts", () => {
  it("gets a digest as one line more, and changes nowhere else", async () => {
    const after = await editTable(before, __filename, { nats: { digest } });
    expect(after).to.equal(
      before.replace(`version: "1.0.0",`, `version: "1.0.0",\n    digest: "${digest}",`),
    );
  });

  it("gets another version and digest in place of the ones it has", async () => {
    const after = await editTable(before, __filename, { minio: { version: "5.5.0", digest } });
    expect(after).to.contain('version: "5.5.0"').and.to.contain(digest);
    expect(after).not.to.contain("0".repeat(64));
    expect(after).to.contain("// Archived.").and.to.contain('version: "1.0.0"');
  });

  it("is refused when it lacks the chart", async () => {
    const refused = await editTable(before, __filename, { redis: { digest } }).catch(
      (error: unknown) => String(error),
    );
    expect(refused).to.contain('no chart "redis"');
  });
});
