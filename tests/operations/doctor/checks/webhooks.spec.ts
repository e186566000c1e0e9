import type { Seen, WebhookClient } from "../../../../operations/doctor/seen";
import { issueCertificate } from "../../../../sandbox/player/x509";
import { findsEach, saysNothingOf, well } from "../examination";
import { now } from "../healthy";

const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const subject = { organizations: [], ipAddresses: [], commonName: "test" };

/** An authority that ends some days from now, and what it signed for the webhook's Service. */
async function chain(count: number) {
  const authority = await issueCertificate(
    { ...subject, dnsNames: [], isCA: true, notBefore: days(-300), notAfter: days(count) },
    "ECDSA",
  );
  const leaf = await issueCertificate(
    {
      ...subject,
      dnsNames: ["controller.shop.svc"],
      isCA: false,
      notBefore: days(-1),
      notAfter: days(60),
    },
    "ECDSA",
    authority,
  );
  return { authority: authority.certificate, leaf: leaf.certificate };
}

describe("an examination of webhooks", () => {
  let current: Awaited<ReturnType<typeof chain>>;
  let expired: typeof current;
  let ending: typeof current;
  before(async () => {
    [current, expired, ending] = await Promise.all([chain(300), chain(-2), chain(5)]);
  });

  const told = (authority: string | undefined, leaf: string, more: object = {}): Seen => {
    const webhook: WebhookClient = {
      kind: "ValidatingWebhookConfiguration",
      configuration: "controller",
      names: ["validate.example.com"],
      service: { namespace: "shop", name: "controller" },
      ignoresFailure: false,
      ...(authority === undefined ? {} : { caBundle: Buffer.from(authority).toString("base64") }),
      ...more,
    };
    const shown = {
      namespace: "shop",
      secret: "controller-tls",
      dnsName: "controller.shop.svc",
      certificate: leaf,
    };
    return { ...well(), webhooks: [webhook], webhookCertificates: [shown] };
  };
  const where = "ValidatingWebhookConfiguration controller";
  const anew = /rollout restart deployment --namespace shop/;

  findsEach([
    [
      "an authority that has ended",
      () => told(expired.authority, expired.leaf),
      "webhooks",
      "critical",
      where,
      /the authority of validate\.example\.com at the Service shop\/controller ended 2d ago/,
      anew,
    ],
    [
      "an authority that ends before somebody renews it",
      () => told(ending.authority, ending.leaf),
      "webhooks",
      "high",
      where,
      /ends in 5d/,
      anew,
    ],
    [
      "an authority that did not sign what the Service shows",
      () => told(ending.authority, current.leaf),
      "webhooks",
      "critical",
      where,
      /did not sign what the Service shows, the certificate in the Secret controller-tls/,
      anew,
    ],
    [
      "an authority that nobody has written yet",
      () => told(undefined, current.leaf),
      "webhooks",
      "critical",
      where,
      /is not there/,
      anew,
    ],
    [
      "an authority that is no certificate",
      () => told("nothing", current.leaf),
      "webhooks",
      "critical",
      where,
      /is no certificate/,
      anew,
    ],
    [
      "an authority that has ended and is passed over",
      () => told(expired.authority, expired.leaf, { ignoresFailure: true }),
      "webhooks",
      "high",
      where,
      /ended 2d ago/,
      anew,
    ],
  ]);
  saysNothingOf([
    [
      "an authority that signed what the Service shows",
      () => told(current.authority, current.leaf),
    ],
    [
      "an authority that is renewed beside the old one",
      () => told(`${expired.authority}\n${current.authority}`, current.leaf),
    ],
  ]);
});
