// The marks by which values of a special kind are told from others on the wire
// (sdk/go/common/resource/sig and sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi).

/** The key whose value says what a map stands for. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A secret value. */
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The output of a resource. */
export const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A reference to a resource. */
export const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** A text that is not known yet; what the other kinds of unknown values are written as, too. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Every mark of a value that is not known yet, whatever its kind. */
export const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN_TEXT,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
