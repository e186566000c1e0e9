{{- define "standin.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 26 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{- /* Labels of an object. Input: list of the root, the "app" suffix and the component. */ -}}
{{- define "standin.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/version: {{ $root.Chart.Version | quote }}
app.kubernetes.io/part-of: {{ include "standin.name" $root }}
chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
release: {{ $root.Release.Name | quote }}
heritage: {{ $root.Release.Service | quote }}
app: {{ include "standin.name" $root }}-{{ index . 1 }}
{{- if eq (index . 1) "operator" }}
app.kubernetes.io/name: {{ include "standin.name" $root }}-prometheus-operator
app.kubernetes.io/component: prometheus-operator
{{- end }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Input: list of the root and the image's values. */ -}}
{{- define "standin.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- printf "%s/%s:%s" (default $image.registry $root.Values.global.imageRegistry) $image.repository (default $root.Chart.AppVersion $image.tag) -}}
{{- end -}}
