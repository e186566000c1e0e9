{{- /* Volumes that carry certificates: name, directory, source. Input: the root. Output: YAML list. */ -}}
{{- define "standin.certificates" -}}
{{- if .Values.tlsCA.enabled }}
- name: tls-ca
  dir: {{ .Values.tlsCA.dir }}
  {{- with .Values.tlsCA.secretName }}
  secret: { secretName: {{ . }} }
  {{- else }}
  configMap: { name: {{ .Values.tlsCA.configMapName }} }
  {{- end }}
{{- end }}
{{- range $name := list "nats" "leafnodes" "websocket" "cluster" }}
{{- $listener := get $.Values.config $name }}
{{- if and (or (eq $name "nats") $listener.enabled) $listener.tls.enabled $listener.tls.secretName }}
- name: {{ $name }}-tls
  dir: {{ $listener.tls.dir }}
  secret: { secretName: {{ $listener.tls.secretName }} }
{{- end }}
{{- end }}
{{- end -}}

{{- define "standin.server" -}}
{{- $monitor := .Values.config.monitor -}}
{{- $scheme := ternary "HTTPS" "" (and $monitor.enabled $monitor.tls.enabled) -}}
name: nats
{{ include "standin.image" (list . .Values.container.image) }}
args: [--config, /etc/nats-config/nats.conf]
env:
  - name: POD_NAME
    valueFrom:
      fieldRef: { fieldPath: metadata.name }
  - name: SERVER_NAME
    value: {{ .Values.config.serverNamePrefix }}$(POD_NAME)
  {{- include "standin.env" .Values.container.env | nindent 2 }}
ports:
  {{- range include "standin.listeners" . | fromYamlArray }}
  - { name: {{ .name }}, containerPort: {{ .port }} }
  {{- end }}
lifecycle:
  preStop:
    exec:
      command: [nats-server, -sl=ldm=/var/run/nats/nats.pid]
{{- if $monitor.enabled }}
{{- range $probe, $check := dict
      "livenessProbe" (dict "path" "/healthz?js-enabled-only=true" "period" 30 "failures" 3)
      "readinessProbe" (dict "path" "/healthz?js-server-only=true" "period" 10 "failures" 3)
      "startupProbe" (dict "path" "/healthz" "period" 10 "failures" 90) }}
{{ $probe }}:
  httpGet:
    path: {{ $check.path }}
    port: monitor
    {{- with $scheme }}
    scheme: {{ . }}
    {{- end }}
  initialDelaySeconds: 10
  periodSeconds: {{ $check.period }}
  timeoutSeconds: 5
  successThreshold: 1
  failureThreshold: {{ $check.failures }}
{{- end }}
{{- end }}
{{- with .Values.container.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - { name: config, mountPath: /etc/nats-config }
  - { name: pid, mountPath: /var/run/nats }
  {{- $file := .Values.config.jetstream.fileStore }}
  {{- if and .Values.config.jetstream.enabled $file.enabled $file.pvc.enabled }}
  - { name: {{ include "standin.claim" . }}, mountPath: {{ $file.dir }} }
  {{- end }}
  {{- range include "standin.certificates" . | fromYamlArray }}
  - { name: {{ .name }}, mountPath: {{ .dir }} }
  {{- end }}
{{- end -}}

{{- /* Watches the files below the mounts it shares with the server. Input: list of the root and the server container. */ -}}
{{- define "standin.reloader" -}}
{{- $root := index . 0 -}}
{{- $values := $root.Values.reloader -}}
{{- $mounts := list (dict "name" "pid" "mountPath" "/var/run/nats") -}}
{{- range $mount := (index . 1).volumeMounts -}}
{{- range $values.natsVolumeMountPrefixes -}}
{{- if hasPrefix . $mount.mountPath -}}{{- $mounts = append $mounts $mount -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $watched := list "/etc/nats-config/nats.conf" -}}
{{- range $key, $file := (include "standin.config" $root | fromYaml) -}}
{{- if hasSuffix "$include" $key -}}{{- $watched = append $watched (clean (printf "/etc/nats-config/%s" $file)) -}}{{- end -}}
{{- end -}}
{{- range include "standin.certificates" $root | fromYamlArray -}}
{{- if ne .name "tls-ca" -}}
{{- $tls := (get $root.Values.config (trimSuffix "-tls" .name)).tls -}}
{{- if $root.Values.tlsCA.enabled -}}{{- $watched = append $watched (printf "%s/%s" $root.Values.tlsCA.dir $root.Values.tlsCA.key) -}}{{- end -}}
{{- $watched = concat $watched (list (printf "%s/%s" .dir $tls.cert) (printf "%s/%s" .dir $tls.key)) -}}
{{- end -}}
{{- end -}}
name: reloader
{{ include "standin.image" (list $root $values.image) }}
args:
  - -pid
  - /var/run/nats/nats.pid
  {{- range $watched }}
  - -config
  - {{ . }}
  {{- end }}
{{- with $values.env }}
env:
  {{- include "standin.env" . | nindent 2 }}
{{- end }}
volumeMounts:
  {{- toYaml $mounts | nindent 2 }}
{{- end -}}

{{- define "standin.exporter" -}}
{{- $monitor := .Values.config.monitor -}}
name: prom-exporter
{{ include "standin.image" (list . .Values.promExporter.image) }}
args:
  - -port={{ .Values.promExporter.port }}
  {{- range list "connz" "routez" "subz" "varz" "prefix=nats" "use_internal_server_id" }}
  - -{{ . }}
  {{- end }}
  {{- if .Values.config.jetstream.enabled }}
  - -jsz=all
  {{- end }}
  {{- if .Values.config.leafnodes.enabled }}
  - -leafz
  {{- end }}
  - {{ printf "%s://%s:%v/" (ternary "https" "http" $monitor.tls.enabled) .Values.promExporter.monitorDomain $monitor.port }}
{{- with .Values.promExporter.env }}
env:
  {{- include "standin.env" . | nindent 2 }}
{{- end }}
ports:
  - { name: prom-metrics, containerPort: {{ .Values.promExporter.port }} }
{{- end -}}

{{- define "standin.podTemplate" -}}
{{- $full := include "standin.fullname" . -}}
{{- $key := list . "nats" -}}
{{- $server := include "standin.overlay" (list (include "standin.server" .) .Values.container) -}}
metadata:
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
  {{- if .Values.podTemplate.configChecksumAnnotation }}
  annotations:
    checksum/config: {{ include "standin.configFile" . | sha256sum }}
  {{- end }}
spec:
  enableServiceLinks: false
  shareProcessNamespace: true
  terminationGracePeriodSeconds: 60
  {{- if .Values.serviceAccount.enabled }}
  serviceAccountName: {{ default $full .Values.serviceAccount.name }}
  {{- end }}
  {{- with .Values.global.image.pullSecretNames }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with .Values.podTemplate.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- range $topologyKey, $constraint := . }}
    - {{ merge (dict "topologyKey" $topologyKey "labelSelector" (dict "matchLabels" (include "standin.selector" $key | fromYaml))) $constraint | toJson }}
    {{- end }}
  {{- end }}
  containers:
    - {{- $server | nindent 6 }}
    {{- if .Values.reloader.enabled }}
    - {{- include "standin.overlay" (list (include "standin.reloader" (list . ($server | fromYaml))) .Values.reloader) | nindent 6 }}
    {{- end }}
    {{- if .Values.promExporter.enabled }}
    - {{- include "standin.overlay" (list (include "standin.exporter" .) .Values.promExporter) | nindent 6 }}
    {{- end }}
  volumes:
    - name: config
      configMap: { name: {{ default (printf "%s-config" $full) .Values.configMap.name }} }
    - name: pid
      emptyDir: {}
    {{- range include "standin.certificates" . | fromYamlArray }}
    - {{ omit . "dir" | toJson }}
    {{- end }}
{{- end -}}
