{{- define "standin.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Input: list of the root and the component. */ -}}
{{- define "standin.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "standin.labels" -}}
{{- $root := index . 0 -}}
{{ include "standin.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- with $root.Values.global.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Metadata of an object. Input: list of the root, the component and the name. */ -}}
{{- define "standin.metadata" -}}
name: {{ index . 2 }}
{{- with (index . 0).Values.namespaceOverride }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "standin.labels" (initial .) | nindent 2 }}
{{- end -}}

{{- /* image and imagePullPolicy of a container. Input: list of the root and the image's values. */ -}}
{{- define "standin.image" -}}
{{- $global := (index . 0).Values.global.image -}}
{{- $image := index . 1 -}}
{{- $name := $image.repository -}}
{{- with (default $global.registry $image.registry) -}}{{- $name = printf "%s/%s" . $name -}}{{- end -}}
{{- $name = ternary (printf "%s@%s" $name $image.digest) (printf "%s:%v" $name $image.tag) (not (empty $image.digest)) -}}
image: {{ default $name $image.fullImageName }}
{{- with (default $global.pullPolicy $image.pullPolicy) }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end -}}

{{- /* A container's environment from a map of strings and value sources. */ -}}
{{- define "standin.env" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  {{- if kindIs "map" $value }}
  {{- toYaml $value | nindent 2 }}
  {{- else }}
  value: {{ toString $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The listeners that are on, in the order the chart lists them: name, port, appProtocol. */ -}}
{{- define "standin.listeners" -}}
{{- $config := .Values.config -}}
{{- $secure := ternary "tls" "tcp" $config.nats.tls.enabled -}}
- { name: nats, port: {{ $config.nats.port }}, appProtocol: {{ $secure }} }
{{- if $config.leafnodes.enabled }}
- { name: leafnodes, port: {{ $config.leafnodes.port }}, appProtocol: {{ ternary "tls" "tcp" $config.leafnodes.tls.enabled }} }
{{- end }}
{{- if $config.websocket.enabled }}
- { name: websocket, port: {{ $config.websocket.port }}, appProtocol: {{ ternary "https" "http" $config.websocket.tls.enabled }} }
{{- end }}
{{- if $config.cluster.enabled }}
- { name: cluster, port: {{ $config.cluster.port }}, appProtocol: {{ ternary "tls" "tcp" $config.cluster.tls.enabled }} }
{{- end }}
{{- if $config.monitor.enabled }}
- { name: monitor, port: {{ $config.monitor.port }}, appProtocol: {{ ternary "https" "http" $config.monitor.tls.enabled }} }
{{- end }}
{{- if $config.profiling.enabled }}
- { name: profiling, port: {{ $config.profiling.port }}, appProtocol: tcp }
{{- end }}
{{- end -}}

{{- /* Name of the claim template that holds the streams. */ -}}
{{- define "standin.claim" -}}
{{- default (printf "%s-js" (include "standin.fullname" .)) .Values.config.jetstream.fileStore.pvc.name -}}
{{- end -}}
