import type { Seen } from "../../../../operations/doctor/seen";
import { failing, findsEach, merge, well, withFirst } from "../examination";

describe("an examination of secrets from outside", () => {
  findsEach([
    [
      "an ExternalSecret whose key is missing",
      () => withFirst("externalSecrets", failing("Ready", "SecretSyncedError", "no key token")),
      "external secrets",
      "high",
      "ExternalSecret shop/token",
      /SecretSyncedError: no key token/,
      /describe externalsecret token/,
    ],
    [
      "a store that does not answer, with what reads from it",
      () => ({
        ...withFirst("secretStores", failing("Ready", "InvalidProviderConfig", "403")),
        externalSecrets: well().externalSecrets.map((each) =>
          merge(each, failing("Ready", "SecretSyncedError", "store is not ready")),
        ) as unknown as Seen["externalSecrets"],
      }),
      "external secrets",
      "high",
      "SecretStore shop/vault",
      /InvalidProviderConfig: 403; 2 ExternalSecrets .* shop\/token, shop\/password/,
      /describe secretstore vault --namespace shop/,
    ],
  ]);
});
