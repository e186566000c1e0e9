import { X509Certificate } from "node:crypto";
import type { V1Ingress } from "@kubernetes/client-node";
import { age } from "../../status";
import {
  secondsSince,
  whereIs,
  type Certificate,
  type Context,
  type Seen,
  type TlsSecret,
} from "../seen";
import { because, condition, type Check, type Found } from "./check";

const day = 86_400;
/** How long before its end a certificate should have been renewed, in seconds. */
const renewedBefore = 14 * day;
/** How long a first certificate may take, in seconds: an ACME order waits for DNS. */
const issuing = 300;

const why = "Clients refuse a connection whose certificate has ended or names another host.";

/** cert-manager's Certificates that are not issued, or not renewed in time. */
export const certificates: Check = {
  name: "certificates",
  reads: ["certificates"],
  find: ({ certificates: found }, context) => found.flatMap((each) => ofCertificate(each, context)),
};

function ofCertificate(
  { metadata, status }: Certificate,
  { kubectl, now }: Context,
): readonly Found[] {
  const where = whereIs("Certificate", metadata);
  const fix = `${kubectl} describe certificate ${metadata.name ?? ""} --namespace ${metadata.namespace ?? ""}, and its newest certificaterequest: they name the issuer's answer`;
  const { notAfter, renewalTime } = status ?? {};
  const left = notAfter === undefined ? undefined : -secondsSince(notAfter, now);
  const ready = condition(status?.conditions, "Ready");
  if (left !== undefined && left <= 0) {
    const what = `it ended ${age(new Date(notAfter ?? 0), now)} ago and was not renewed`;
    return [{ severity: "critical", where, what, why, fix }];
  }
  if (ready?.status !== "True") {
    const isNew = secondsSince(metadata.creationTimestamp, now) < issuing;
    const what = `it is not issued: ${ready === undefined ? "cert-manager has not looked at it" : because(ready)}`;
    return isNew ? [] : [{ severity: "high", where, what, why, fix }];
  }
  // cert-manager renews at the renewal time; an hour later it is known that it could not.
  if (renewalTime !== undefined && secondsSince(renewalTime, now) > 3600) {
    const what = `it should have been renewed ${age(new Date(renewalTime), now)} ago, and ends in ${span(left ?? 0)}`;
    return [{ severity: "high", where, what, why, fix }];
  }
  return [];
}

/** The certificates that Ingresses serve, whoever made them. */
export const servedCertificates: Check = {
  name: "TLS Secrets",
  reads: ["ingresses", "tlsSecrets", "certificates"],
  find: (seen, context) =>
    seen.tlsSecrets.flatMap((secret) => {
      const users = seen.ingresses.filter((each) => entriesFor(each, secret).length > 0);
      const hosts = new Set(
        users.flatMap((each) => entriesFor(each, secret).flatMap((entry) => entry.hosts ?? [])),
      );
      return users.length === 0 ? [] : ofSecret(secret, [...hosts], seen, context);
    }),
};

function entriesFor({ metadata, spec }: V1Ingress, { namespace, name }: TlsSecret) {
  return (spec?.tls ?? []).filter(
    ({ secretName }) => secretName === name && metadata?.namespace === namespace,
  );
}

function ofSecret(
  { namespace, name, certificate: pem }: TlsSecret,
  hosts: readonly string[],
  { certificates: known }: Seen,
  { kubectl, now }: Context,
): readonly Found[] {
  const where = `Secret ${namespace}/${name}`;
  const maker = known.find(
    ({ metadata, spec }) => metadata.namespace === namespace && spec?.secretName === name,
  );
  const fix =
    maker === undefined
      ? `put a current certificate for ${hosts.join(", ")} there: ${kubectl} create secret tls ${name} --namespace ${namespace} --cert <file> --key <file> --dry-run=client --output yaml | ${kubectl} apply --filename -; or let slipway:edge name an issuer`
      : `have it made anew: ${kubectl} delete secret ${name} --namespace ${namespace}; cert-manager issues it again`;
  const served = `The Ingress controller serves its own certificate for ${hosts.join(", ")}, which no client accepts.`;
  // A Certificate that is on its way, or broken, is told by itself.
  const isTold =
    condition(maker?.status?.conditions, "Ready")?.status !== "True" && maker !== undefined;
  if (pem === undefined) {
    const what = "an Ingress names it, and it is not there or holds no certificate";
    return isTold ? [] : [{ severity: "high", where, what, why: served, fix }];
  }
  const leaf = parseCertificate(pem);
  if (leaf === undefined) {
    return [{ severity: "high", where, what: "what it holds is no certificate", why: served, fix }];
  }
  const [from, to] = [new Date(leaf.validFrom), new Date(leaf.validTo)];
  const left = (to.getTime() - now.getTime()) / 1000;
  if (left <= 0) {
    const what = `its certificate for ${hosts.join(", ")} ended ${age(to, now)} ago`;
    return [{ severity: "critical", where, what, why, fix }];
  }
  const uncovered = hosts.filter((host) => leaf.checkHost(host) === undefined);
  if (uncovered.length > 0) {
    const what = `its certificate does not name ${uncovered.join(", ")}, but ${leaf.subjectAltName ?? leaf.subject}`;
    return [{ severity: "high", where, what, why, fix }];
  }
  // A short-lived certificate is renewed late in its life; cert-manager's own are looked at above.
  const lifetime = (to.getTime() - from.getTime()) / 1000;
  return maker === undefined && left < Math.min(renewedBefore, lifetime / 3)
    ? [
        {
          severity: left < 3 * day ? "high" : "medium",
          where,
          what: `its certificate for ${hosts.join(", ")} ends in ${span(left)}, and no Certificate renews it`,
          why,
          fix,
        },
      ]
    : [];
}

/** A certificate in PEM; undefined when it is none. */
export function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** A span of time, as a person says it. */
export function span(seconds: number): string {
  return age(new Date(0), new Date(seconds * 1000));
}
