import { expect } from "chai";
import type { Recorded, RecordedResource } from "../support/mocks";
import { programOf } from "./program";

describe("retention", () => {
  const databaseOf = (recorded: Recorded): RecordedResource => {
    const [database] = recorded.all("PostgresCluster");
    if (database === undefined) {
      throw new Error("The program declares no PostgresCluster.");
    }
    return database;
  };

  it("keep protects the database and leaves it when its resource goes", async () => {
    expect(databaseOf((await programOf("production")).recorded)).to.include({
      protect: true,
      retainOnDelete: true,
    });
  });

  it("delete lets the database go with the stack", async () => {
    expect(databaseOf((await programOf("sandbox")).recorded)).to.include({
      protect: false,
      retainOnDelete: false,
    });
  });
});
