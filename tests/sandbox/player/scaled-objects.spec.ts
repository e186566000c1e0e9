import { expect } from "chai";
import { playScaledObjects } from "../../../sandbox/player/scaled-objects";
import { afterStatus, now, object, operator, worldOf } from "./world-of";

const keda = operator("keda/keda-operator", { app: "keda-operator" });
const scaled = object("ScaledObject", "shop/worker", { spec: {} });

describe("a played ScaledObject", () => {
  it("is ready and idle, and is then left alone", () => {
    const [report] = playScaledObjects(worldOf(keda, scaled), now);
    expect(JSON.stringify(report)).to.include("ScaledObjectReady").and.include("keda-hpa-worker");
    expect(playScaledObjects(worldOf(keda, afterStatus(scaled, report)), now)).to.deep.equal([]);
  });

  it("waits for KEDA", () => {
    expect(playScaledObjects(worldOf(scaled), now)).to.deep.equal([]);
  });
});
