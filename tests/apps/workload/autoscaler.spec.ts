import { expect } from "chai";
import {
  autoscalerProblems,
  autoscalerSpec,
  type HpaScaling,
} from "../../../components/apps/workload/autoscaler";

const bounds = { min: 3, max: 20 };

function specOf(scaling: Partial<HpaScaling>): ReturnType<typeof autoscalerSpec> {
  return autoscalerSpec({ kind: "Deployment", name: "orders" }, { ...bounds, ...scaling });
}

describe("an autoscaler", () => {
  it("looks at CPU, memory and the requests of each pod at once", () => {
    expect(
      specOf({ cpu: 70, memory: 80, pods: { http_requests_per_second: "1000" } }).metrics,
    ).to.deep.equal([
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "Utilization", averageUtilization: 80 } },
      },
      {
        type: "Pods",
        pods: {
          metric: { name: "http_requests_per_second" },
          target: { type: "AverageValue", averageValue: "1000" },
        },
      },
    ]);
  });

  it("looks at another object", () => {
    const of = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "orders" };
    expect(specOf({ objects: { requests: { of, average: "2k" } } }).metrics).to.deep.equal([
      {
        type: "Object",
        object: {
          metric: { name: "requests" },
          describedObject: of,
          target: { type: "AverageValue", averageValue: "2k" },
        },
      },
    ]);
  });

  it("looks at what is outside the cluster, selected by labels or by its name alone", () => {
    const external = { depth: { labels: { queue: "a" }, average: "30" }, age: { average: "5" } };
    const target = (averageValue: string): object => ({ type: "AverageValue", averageValue });
    expect(specOf({ external }).metrics).to.deep.equal([
      {
        type: "External",
        external: {
          metric: { name: "depth", selector: { matchLabels: { queue: "a" } } },
          target: target("30"),
        },
      },
      { type: "External", external: { metric: { name: "age" }, target: target("5") } },
    ]);
  });

  it("doubles, or grows by four pods, each 15 seconds", () => {
    expect(specOf({}).behavior).to.have.deep.property("scaleUp", {
      stabilizationWindowSeconds: 0,
      selectPolicy: "Max",
      policies: [
        { type: "Percent", value: 100, periodSeconds: 15 },
        { type: "Pods", value: 4, periodSeconds: 15 },
      ],
    });
  });

  it("keeps the pace it is given, by that measure alone", () => {
    const scaleDown = { pods: 1, period: "2m", stabilization: "10m" } as const;
    expect(specOf({ scaleDown }).behavior).to.have.deep.property("scaleDown", {
      stabilizationWindowSeconds: 600,
      selectPolicy: "Max",
      policies: [{ type: "Pods", value: 1, periodSeconds: 120 }],
    });
  });
});

describe("an autoscaler is refused", () => {
  const fieldsOf = (changes: Partial<HpaScaling>): readonly string[] =>
    autoscalerProblems({ ...bounds, ...changes }).map(({ field }) => field);

  it("not when it is good", () => {
    expect(fieldsOf({ pods: { rate: "500m" }, scaleUp: { percent: 50 } })).to.deep.equal([]);
  });

  it("when a value to aim at is no quantity", () => {
    expect(fieldsOf({ pods: { rate: "many" } })).to.deep.equal(["pods.rate"]);
    expect(fieldsOf({ external: { depth: { average: "-1" } } })).to.deep.equal(["external.depth"]);
  });

  it("when its pace is none, or one that the API server refuses", () => {
    expect(fieldsOf({ scaleUp: { percent: 0 } })).to.deep.equal(["scaleUp.percent"]);
    expect(fieldsOf({ scaleDown: { period: "0s" } })).to.deep.equal(["scaleDown.period"]);
    expect(fieldsOf({ scaleDown: { period: "31m" } })).to.deep.equal(["scaleDown.period"]);
    expect(fieldsOf({ scaleDown: { stabilization: "2h" } })).to.deep.equal([
      "scaleDown.stabilization",
    ]);
  });
});
