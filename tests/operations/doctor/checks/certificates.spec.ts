import type { Seen } from "../../../../operations/doctor/seen";
import { failing, findsEach, merge, saysNothingOf, served, well, withFirst } from "../examination";
import { ago } from "../healthy";

const day = 86_400;

describe("an examination of certificates", () => {
  findsEach([
    [
      "a Certificate that is not issued",
      () => withFirst("certificates", failing("Ready", "DoesNotExist", "order failed")),
      "certificates",
      "high",
      "Certificate shop/internal",
      /DoesNotExist: order failed/,
      /describe certificate internal/,
    ],
    [
      "a Certificate that has ended",
      () => withFirst("certificates", { status: { notAfter: ago(2 * day) } }),
      "certificates",
      "critical",
      "Certificate shop/internal",
      /ended 2d ago/,
      /describe certificate internal/,
    ],
    [
      "a Certificate that was not renewed in time",
      () => withFirst("certificates", { status: { renewalTime: ago(2 * day) } }),
      "certificates",
      "high",
      "Certificate shop/internal",
      /renewed 2d ago, and ends in 30d/,
      /certificaterequest/,
    ],
    [
      "a served certificate that has ended",
      () => withFirst("tlsSecrets", { certificate: served().expired }),
      "TLS Secrets",
      "critical",
      "Secret shop/orders-tls",
      /orders\.example\.com ended 3d ago/,
      /create secret tls orders-tls --namespace shop/,
    ],
    [
      "a served certificate that ends soon",
      () => withFirst("tlsSecrets", { certificate: served().ending }),
      "TLS Secrets",
      "medium",
      "Secret shop/orders-tls",
      /ends in 10d, and no Certificate renews it/,
      /create secret tls/,
    ],
    [
      "a served certificate for another host",
      () => withFirst("tlsSecrets", { certificate: served().other }),
      "TLS Secrets",
      "high",
      "Secret shop/orders-tls",
      /does not name orders\.example\.com, but DNS:www\.example\.com/,
      /create secret tls/,
    ],
    [
      "a TLS Secret that is not there",
      () => withFirst("tlsSecrets", { certificate: undefined }),
      "TLS Secrets",
      "high",
      "Secret shop/orders-tls",
      /not there or holds no certificate/,
      /create secret tls/,
    ],
    [
      "a TLS Secret with something else in it",
      () => withFirst("tlsSecrets", { certificate: "no certificate" }),
      "TLS Secrets",
      "high",
      "Secret shop/orders-tls",
      /what it holds is no certificate/,
      /create secret tls/,
    ],
  ]);
  saysNothingOf([
    [
      "a Certificate that was asked for a moment ago",
      () =>
        withFirst("certificates", {
          ...failing("Ready", "Issuing", ""),
          metadata: { creationTimestamp: ago(20) },
        }),
    ],
    [
      "a short-lived certificate that its Certificate renews",
      () => ({
        ...withFirst("tlsSecrets", { certificate: served().ending }),
        certificates: [
          merge(well().certificates[0], { spec: { secretName: "orders-tls" } }),
        ] as unknown as Seen["certificates"],
      }),
    ],
  ]);
});
