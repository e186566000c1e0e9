{{- define "standin.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: recommender
{{- end -}}

{{- define "standin.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{ include "standin.selector" . }}
app.kubernetes.io/component-instance: {{ .Release.Name }}-recommender
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "standin.elects" -}}
{{- $elect := .Values.recommender.leaderElection.enabled -}}
{{- if kindIs "invalid" $elect -}}{{- $elect = gt (int .Values.recommender.replicas) 1 -}}{{- end -}}
{{- if $elect -}}true{{- end -}}
{{- end -}}
