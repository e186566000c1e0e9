import { whereIs } from "../seen";
import { because, type Check, type Found } from "./check";

/** The conditions of a node that say something bad when they hold. */
const pressures = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];

/** Nodes with pods of the stack that are not ready, or short of something. */
export const nodeConditions: Check = {
  name: "nodes",
  reads: ["nodes", "pods"],
  find: ({ nodes, pods }, { kubectl }) => {
    const used = new Set(pods.map(({ spec }) => spec?.nodeName));
    return nodes
      .filter(({ metadata }) => used.has(metadata?.name))
      .flatMap((node): readonly Found[] => {
        const name = node.metadata?.name ?? "";
        const where = whereIs("Node", node.metadata);
        const conditions = node.status?.conditions ?? [];
        const ready = conditions.find(({ type }) => type === "Ready");
        const many = pods.filter(({ spec }) => spec?.nodeName === name).length;
        const hosts = `it has ${String(many)} of the stack's pods`;
        if (ready?.status !== "True") {
          const said = ready === undefined ? "its kubelet has said nothing" : because(ready);
          return [
            {
              severity: "critical",
              where,
              what: `it is not ready, and ${hosts}: ${said}`,
              why: "Its pods are taken out of their Services, and after five minutes made anew elsewhere, where there is room.",
              fix: `${kubectl} describe node ${name}; where it does not come back, ${kubectl} drain ${name} --ignore-daemonsets --delete-emptydir-data and replace it`,
            },
          ];
        }
        return conditions
          .filter(({ type, status }) => pressures.includes(type) && status === "True")
          .map((condition) => ({
            severity: "high" as const,
            where,
            what: `${condition.type}, and ${hosts}: ${because(condition)}`,
            why: "The kubelet evicts pods, those that use more than they requested first, and no new ones are placed there.",
            fix: `${kubectl} describe node ${name} and ${kubectl} top pods --all-namespaces --sort-by memory; free what it is short of, or drain it`,
          }));
      });
  },
};
