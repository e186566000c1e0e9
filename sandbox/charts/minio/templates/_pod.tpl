{{- /* The server's command line: every pool's address range, then the options. */ -}}
{{- define "standin.command" -}}
{{- $values := .Values -}}
{{- $full := include "standin.fullname" . -}}
{{- $targets := list -}}
{{- if eq $values.mode "distributed" -}}
{{- $replicas := int $values.replicas -}}
{{- $drives := int $values.drivesPerNode -}}
{{- $path := ternary (printf "%s-{0...%d}" $values.mountPath (sub $drives 1)) $values.mountPath (gt $drives 1) -}}
{{- range $pool := until (int $values.pools) -}}
{{- $first := mul $pool $replicas -}}
{{- $targets = append $targets (printf "%s://%s-{%d...%d}.%s-svc.%s.svc%s" (include "standin.scheme" $) $full $first (sub (add $first $replicas) 1) $full $.Release.Namespace $path) -}}
{{- end -}}
{{- else -}}
{{- $targets = list $values.mountPath -}}
{{- end -}}
{{- $options := printf "-S %s --address :%v --console-address :%v" $values.certsPath $values.minioAPIPort $values.minioConsolePort -}}
{{- join " " (concat (list "/usr/bin/docker-entrypoint.sh minio server") $targets (list $options) $values.extraArgs) -}}
{{- end -}}

{{- /* The pod of a server, without any probe: the real chart has no key for one. */ -}}
{{- define "standin.pod" -}}
{{- $values := .Values -}}
{{- $scheme := include "standin.scheme" . -}}
{{- $single := ne $values.mode "distributed" -}}
{{- with $values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- if and $values.securityContext.enabled $values.persistence.enabled }}
securityContext:
  {{- omit $values.securityContext "enabled" | toYaml | nindent 2 }}
{{- end }}
{{- with include "standin.account" . }}
serviceAccountName: {{ . | quote }}
{{- end }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: minio
    image: {{ printf "%s:%s" $values.image.repository $values.image.tag | quote }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    command: [/bin/sh, -ce, {{ include "standin.command" . | quote }}]
    ports:
      - { name: {{ $scheme }}, containerPort: {{ $values.minioAPIPort }} }
      - { name: {{ $scheme }}-console, containerPort: {{ $values.minioConsolePort }} }
    env:
      {{- range $name, $key := dict "MINIO_ROOT_USER" "rootUser" "MINIO_ROOT_PASSWORD" "rootPassword" }}
      - name: {{ $name }}
        valueFrom:
          secretKeyRef: { name: {{ include "standin.secret" $ }}, key: {{ $key }} }
      {{- end }}
      {{- if $values.extraSecret }}
      - { name: MINIO_CONFIG_ENV_FILE, value: /tmp/minio-config-env/config.env }
      {{- end }}
      {{- if $values.metrics.serviceMonitor.public }}
      - { name: MINIO_PROMETHEUS_AUTH_TYPE, value: public }
      {{- end }}
      {{- range $name, $value := $values.environment }}
      - { name: {{ $name }}, value: {{ toString $value | quote }} }
      {{- end }}
    resources:
      {{- toYaml $values.resources | nindent 6 }}
    {{- if $values.persistence.enabled }}
    securityContext:
      {{- toYaml $values.containerSecurityContext | nindent 6 }}
    {{- end }}
    volumeMounts:
      {{- if $single }}
      - { name: minio-user, mountPath: /tmp/credentials, readOnly: true }
      {{- end }}
      {{- if or $values.persistence.enabled $single }}
      {{- range include "standin.drives" . | fromYamlArray }}
      - {{ merge (dict "name" .name "mountPath" .path) (ternary (dict "subPath" $values.persistence.subPath) dict (not (empty $values.persistence.subPath))) | toJson }}
      {{- end }}
      {{- end }}
      {{- if $values.extraSecret }}
      - { name: extra-secret, mountPath: /tmp/minio-config-env }
      {{- end }}
      {{- if $values.tls.enabled }}
      - { name: cert-secret-volume, mountPath: {{ $values.certsPath }} }
      {{- end }}
      {{- if or $values.tls.enabled $values.trustedCertsSecret }}
      - { name: trusted-cert-secret-volume, mountPath: {{ trimSuffix "/" $values.certsPath }}/CAs }
      {{- end }}
      {{- with $values.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
  {{- with $values.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- range $field := list "nodeSelector" "affinity" "tolerations" }}
{{- with get $values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- if and (not $single) $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml $values.topologySpreadConstraints | nindent 2 }}
{{- end }}
volumes:
  - name: minio-user
    secret: { secretName: {{ include "standin.secret" . }} }
  {{- if $single }}
  - name: export
    {{- if $values.persistence.enabled }}
    persistentVolumeClaim: { claimName: {{ default (include "standin.fullname" .) $values.persistence.existingClaim }} }
    {{- else }}
    emptyDir: {}
    {{- end }}
  {{- end }}
  {{- with $values.extraSecret }}
  - name: extra-secret
    secret: { secretName: {{ . }} }
  {{- end }}
  {{- if $values.tls.enabled }}
  - name: cert-secret-volume
    secret:
      secretName: {{ $values.tls.certSecret }}
      items:
        - { key: {{ $values.tls.publicCrt }}, path: public.crt }
        - { key: {{ $values.tls.privateKey }}, path: private.key }
  {{- end }}
  {{- if $values.trustedCertsSecret }}
  - name: trusted-cert-secret-volume
    secret: { secretName: {{ $values.trustedCertsSecret }} }
  {{- else if $values.tls.enabled }}
  - name: trusted-cert-secret-volume
    secret:
      secretName: {{ $values.tls.certSecret }}
      items:
        - { key: {{ $values.tls.publicCrt }}, path: public.crt }
  {{- end }}
  {{- with $values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "standin.podTemplate" -}}
metadata:
  name: {{ include "standin.fullname" . }}
  labels:
    {{- include "standin.selector" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $checksums := dict }}
  {{- if not .Values.ignoreChartChecksums }}
  {{- $checksums = dict "checksum/secrets" (include (print $.Template.BasePath "/secret.yaml") . | sha256sum) "checksum/config" (include (print $.Template.BasePath "/configmap.yaml") . | sha256sum) }}
  {{- end }}
  {{- with merge dict .Values.podAnnotations $checksums }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "standin.pod" . | nindent 2 }}
{{- end -}}
