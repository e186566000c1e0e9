import type { X509Certificate } from "node:crypto";
import { age } from "../../status";
import type { Context, Seen, WebhookClient } from "../seen";
import { parseCertificate, span } from "./certificates";
import type { Check, Found } from "./check";

const day = 86_400;
/** How long before its end an authority should have been renewed, in seconds. */
const renewedBefore = 14 * day;

/** Webhooks of the stack's controllers that the API server could not trust: it calls them before it stores an object. */
export const webhookAuthorities: Check = {
  name: "webhooks",
  reads: ["webhooks", "webhookCertificates"],
  find: ({ webhooks, webhookCertificates }, context) =>
    webhooks.flatMap((webhook) => ofWebhook(webhook, webhookCertificates, context)),
};

function ofWebhook(
  webhook: WebhookClient,
  served: Seen["webhookCertificates"],
  { kubectl, now }: Context,
): readonly Found[] {
  const { kind, configuration, names, service, caBundle, ignoresFailure } = webhook;
  const where = `${kind} ${configuration}`;
  const address = `${service.namespace}/${service.name}`;
  const which = `the authority of ${names.join(", ")} at the Service ${address}`;
  const why = ignoresFailure
    ? "The API server passes over the webhook: what it should refuse or complete goes through as it is."
    : "The API server refuses every object that the webhook is asked about, so that no update gets through.";
  const severity = ignoresFailure ? ("high" as const) : ("critical" as const);
  const fix = `${kubectl} rollout restart deployment --namespace ${service.namespace}: what writes the caBundle (cert-manager's cainjector, or the controller itself) does it anew; its log says why it did not`;
  const bundle = certificatesIn(Buffer.from(caBundle ?? "", "base64").toString("utf8"));
  if (bundle.length === 0) {
    const what = `${which} is ${caBundle === undefined ? "not there" : "no certificate"}`;
    return [{ severity, where, what, why, fix }];
  }
  const left = Math.max(
    ...bundle.map(({ validTo }) => new Date(validTo).getTime() - now.getTime()),
  );
  if (left <= 0) {
    const what = `${which} ended ${age(new Date(now.getTime() + left), now)} ago`;
    return [{ severity, where, what, why, fix }];
  }
  const shown = served.find(
    ({ namespace, dnsName }) =>
      namespace === service.namespace && dnsName === `${service.name}.${service.namespace}.svc`,
  );
  // A chain of authorities is shown whole; one of them has to be signed by whom the API server trusts.
  const chain = shown === undefined ? [] : certificatesIn(shown.certificate);
  if (shown !== undefined && !chain.some((each) => bundle.some((known) => signed(known, each)))) {
    const what = `${which} did not sign what the Service shows, the certificate in the Secret ${shown.secret}`;
    return [{ severity, where, what, why, fix }];
  }
  const lifetime = Math.max(
    ...bundle.map(({ validFrom, validTo }) => Date.parse(validTo) - Date.parse(validFrom)),
  );
  return left / 1000 < Math.min(renewedBefore, lifetime / 3000)
    ? [{ severity: "high", where, what: `${which} ends in ${span(left / 1000)}`, why, fix }]
    : [];
}

/** Whether one certificate signed another one; a certificate that trusts itself is in the bundle as it is. */
function signed(authority: X509Certificate, leaf: X509Certificate): boolean {
  return authority.fingerprint256 === leaf.fingerprint256 || leaf.verify(authority.publicKey);
}

/** The certificates in a text of PEM. */
function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => parseCertificate(block) ?? []);
}
