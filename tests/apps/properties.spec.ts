import { expect } from "chai";
import fc from "fast-check";
import { declaredScaling, type ApplicationDeclaration } from "../../components/apps/declaration";
import { DEFAULT_CONFIG, type PolicyConfig } from "../../policy/core/config";
import { Judge } from "../../policy/core/evaluate";
import { walk } from "../../policy/core/walk";
import { RULES } from "../../policy/rules";
import type { Properties, Recorded, RecordedResource } from "../support/mocks";
import { at } from "./fixtures";
import { deployRandom, randomApplication } from "./random/application";

const runs = process.env.SLIPWAY_LONG_TESTS === "1" ? 1000 : 100;

describe("any application that Slipway accepts", function () {
  this.timeout("10m");

  it("breaks no mandatory policy, has one master of its replicas, lets nodes be drained, and is waited for", () =>
    fc.assert(
      fc.asyncProperty(
        randomApplication,
        fc.constantFrom(1, 2),
        async (application, minReplicas) => {
          const recorded = await deployRandom(application, { minReplicas });
          fc.pre(recorded !== undefined);
          const wrong = [
            ...brokenPolicies(recorded, minReplicas, singletonsOf(application)),
            ...replicasBesideAutoscalers(recorded),
            ...blockedDrains(recorded),
            ...impatientAwaits(recorded),
          ];
          expect(wrong, wrong.join("\n")).to.deep.equal([]);
        },
      ),
      { numRuns: runs, maxSkipsPerRun: 20 },
    ));
});

/** The services that say why there is one of them; a stack exempts each by name. */
function singletonsOf({ services }: ApplicationDeclaration): readonly string[] {
  return services
    .filter((service) => declaredScaling(service)?.singleton !== undefined)
    .map(({ name }) => name);
}

/** What the mandatory rules say, of a stack that asks for so many replicas. */
function brokenPolicies(
  { resources }: Recorded,
  minReplicas: number,
  singletons: readonly string[],
): readonly string[] {
  const settings = { minReplicas, minAutoscalerReplicas: minReplicas };
  const config: PolicyConfig = {
    ...DEFAULT_CONFIG,
    settings: { ...DEFAULT_CONFIG.settings, ...settings },
  };
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap(({ inputs }) => walk(inputs));
  return new Judge(RULES, config)
    .judge(objects)
    .filter(({ enforcement }) => enforcement === "mandatory")
    .filter(({ rule, name }) => !(rule === "min-replicas" && singletons.includes(name)))
    .map(({ rule, kind, name, path, message }) => `${rule}: ${kind} ${name} ${path} ${message}`);
}

function autoscalers(recorded: Recorded): readonly RecordedResource[] {
  return [...recorded.all("HorizontalPodAutoscaler"), ...recorded.all("ScaledObject")];
}

function replicasBesideAutoscalers(recorded: Recorded): readonly string[] {
  return autoscalers(recorded).flatMap(({ inputs }) => {
    const scaled = recorded.find(
      String(at(inputs, "spec.scaleTargetRef.kind")),
      String(at(inputs, "spec.scaleTargetRef.name")),
    );
    return at(scaled.inputs, "spec.replicas") === undefined &&
      scaled.ignoreChanges.includes("spec.replicas")
      ? []
      : [`${scaled.name} has a replica count beside its autoscaler`];
  });
}

/** Two pods or more can always lose one, and never the last; a single one has no budget to block it. */
function blockedDrains(recorded: Recorded): readonly string[] {
  return [...recorded.all("Deployment"), ...recorded.all("StatefulSet")].flatMap(({ inputs }) => {
    const named = ({ inputs: other }: { readonly inputs: Properties }): boolean =>
      at(other, "metadata.name") === at(inputs, "metadata.name");
    const autoscaler = autoscalers(recorded).find(named)?.inputs ?? {};
    const floor = Number(
      at(autoscaler, "spec.minReplicas") ??
        at(autoscaler, "spec.minReplicaCount") ??
        at(inputs, "spec.replicas"),
    );
    const budget = recorded.all("PodDisruptionBudget").find(named)?.inputs;
    if (budget === undefined) {
      return floor === 1 ? [] : [`nothing keeps a drain from all ${String(floor)} pods`];
    }
    expect(at(budget, "spec.selector")).to.deep.equal(at(inputs, "spec.selector"));
    const least = at(budget, "spec.minAvailable");
    const allowed =
      least === undefined ? Number(at(budget, "spec.maxUnavailable")) : floor - Number(least);
    return allowed >= 1 && allowed < floor
      ? []
      : [`a drain may take ${String(allowed)} of ${String(floor)} pods`];
  });
}

/** The engine waits at least as long as all waves of a rollout at full scale may take to start. */
function impatientAwaits(recorded: Recorded): readonly string[] {
  return [...recorded.all("Deployment"), ...recorded.all("StatefulSet")].flatMap(
    ({ inputs, name, timeouts }) => {
      const autoscaler = autoscalers(recorded).find(
        ({ inputs: other }) => at(other, "metadata.name") === at(inputs, "metadata.name"),
      );
      const pods = Number(
        at(autoscaler?.inputs ?? {}, "spec.maxReplicas") ??
          at(autoscaler?.inputs ?? {}, "spec.maxReplicaCount") ??
          at(inputs, "spec.replicas"),
      );
      const surge = Number(at(inputs, "spec.strategy.rollingUpdate.maxSurge") ?? 1);
      const probe = at(inputs, "spec.template.spec.containers.0.startupProbe") as Properties;
      const start = Number(probe.failureThreshold) * Number(probe.periodSeconds);
      const needed = Math.ceil(pods / Math.max(surge, 1)) * start;
      return Number.parseInt(timeouts.update) > needed
        ? []
        : [`${name} is waited for ${timeouts.update}, and may take ${String(needed)}s to start`];
    },
  );
}
