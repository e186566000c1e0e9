import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { planService, type Change } from "../../../operations/new/plan";
import type { ServiceRequest } from "../../../operations/new/request";
import { parseUses } from "../../../operations/new/uses";
import { checkout } from "../../../sandbox/folder";

/** Copies what the command reads and what the compiler needs into a folder. */
export function copyTree(folder: string): void {
  for (const path of ["components", "tsconfig.json", ".prettierrc.json"]) {
    cpSync(join(checkout, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
}

/** A request as the command line makes it. */
export function request(
  target: string,
  options: Omit<Partial<ServiceRequest>, "uses"> & { readonly uses?: string } = {},
): ServiceRequest {
  const [application = "", service = ""] = target.split("/");
  return {
    kind: "web",
    newApplication: false,
    ...options,
    application,
    service,
    uses: parseUses(options.uses ?? ""),
  };
}

/** Plans a service and writes its files, as the command does. */
export async function write(root: string, asked: ServiceRequest): Promise<readonly Change[]> {
  const changes = await planService(root, asked);
  for (const { path, after } of changes) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), after);
  }
  return changes;
}
