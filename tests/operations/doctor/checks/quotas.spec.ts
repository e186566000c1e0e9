import { findsEach, withFirst } from "../examination";

describe("an examination of quotas", () => {
  findsEach([
    [
      "a quota that is nearly used",
      () => withFirst("quotas", { status: { used: { pods: "9" } } }),
      "quotas",
      "medium",
      "ResourceQuota shop/quota",
      /nearly used: pods 9 of 10$/,
      /raise the namespace's quota in the file of stack production/,
    ],
    [
      "a quota that is used up",
      () => withFirst("quotas", { status: { used: { "limits.cpu": "8000m" } } }),
      "quotas",
      "high",
      "ResourceQuota shop/quota",
      /used up: limits\.cpu 8000m of 8$/,
      /lower requests/,
    ],
  ]);
});
