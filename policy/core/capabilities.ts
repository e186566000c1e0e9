import { fields, strings } from "./fields";
import { type ContainerView } from "./pod";

/** The capabilities a container adds or drops, as written. */
export function capabilitiesOf(container: ContainerView, part: "add" | "drop"): readonly string[] {
  return strings(fields(container.securityContext["capabilities"])[part]);
}

/** The same in upper case and without the kernel's `CAP_` prefix, which some checkers and runtimes accept too. */
export function normalCapabilities(
  container: ContainerView,
  part: "add" | "drop",
): readonly string[] {
  return capabilitiesOf(container, part).map((name) => name.toUpperCase().replace(/^CAP_/, ""));
}
