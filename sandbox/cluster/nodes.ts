/** How many nodes there are, and how many of them are ready. */
export interface NodeCount {
  readonly total: number;
  readonly ready: number;
}

/** Counts the nodes of a NodeList, given as JSON. */
export function countNodes(nodeList: string): NodeCount {
  const { items } = JSON.parse(nodeList) as { readonly items: readonly NodeStatus[] };
  const ready = (node: NodeStatus): boolean =>
    node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
    false;
  return { total: items.length, ready: items.filter(ready).length };
}

interface NodeStatus {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
