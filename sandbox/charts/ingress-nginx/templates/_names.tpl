{{- /* The two helpers below carry the real chart's names, because values may call them (see controller.topologySpreadConstraints). */ -}}
{{- define "ingress-nginx.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "ingress-nginx.fullname" -}}
{{- $name := include "ingress-nginx.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{- define "standin.controller" -}}
{{- printf "%s-%s" (include "ingress-nginx.fullname" .) .Values.controller.name -}}
{{- end -}}

{{- define "standin.admission" -}}
{{- printf "%s-%s" (include "ingress-nginx.fullname" .) .Values.controller.admissionWebhooks.name -}}
{{- end -}}

{{- define "standin.account" -}}
{{- default (ternary (include "ingress-nginx.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "standin.election" -}}
{{- default (printf "%s-leader" (include "ingress-nginx.fullname" .)) .Values.controller.electionID -}}
{{- end -}}

{{- define "standin.selector" -}}
app.kubernetes.io/name: {{ include "ingress-nginx.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* Labels of an object. Input: list of the root and the component, which may be empty. */ -}}
{{- define "standin.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{ include "standin.selector" $root }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ include "ingress-nginx.name" $root }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- with index . 1 }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Input: list of the root and the image's values. */ -}}
{{- define "standin.image" -}}
{{- $image := index . 1 -}}
{{- $registry := default (index . 0).Values.global.image.registry $image.registry -}}
{{- $name := default (printf "%s/%s" $registry $image.image) $image.repository -}}
{{- printf "%s:%s" $name $image.tag -}}
{{- with $image.digest -}}{{- printf "@%s" . -}}{{- end -}}
{{- end -}}

{{- /* The stream ports of the tcp and udp values: name, port, protocol. */ -}}
{{- define "standin.streams" -}}
{{- range $protocol := list "tcp" "udp" }}
{{- range $port, $_ := get $.Values $protocol }}
- { name: {{ $port }}-{{ $protocol }}, port: {{ $port }}, protocol: {{ upper $protocol }} }
{{- end }}
{{- end }}
{{- end -}}
