{{- define "standin.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{- define "standin.account" -}}
{{- default (include "standin.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "standin.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "standin.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/component: metrics
app.kubernetes.io/part-of: {{ default .Chart.Name .Values.nameOverride }}
{{ include "standin.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
{{- with .Values.customLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "standin.rules" -}}
{{- $rules := dict "rules" .Values.rules.custom -}}
{{- with .Values.rules.external }}{{- $_ := set $rules "externalRules" . -}}{{- end -}}
{{- with .Values.rules.resource }}{{- $_ := set $rules "resourceRules" . -}}{{- end -}}
{{- toYaml $rules -}}
{{- end -}}
