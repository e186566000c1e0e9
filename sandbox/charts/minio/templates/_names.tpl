{{- define "standin.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.fullname" -}}
{{- $name := include "standin.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.selector" -}}
app: {{ include "standin.name" . }}
release: {{ .Release.Name }}
{{- end -}}

{{- define "standin.labels" -}}
{{ include "standin.selector" . }}
chart: {{ .Chart.Name }}-{{ .Chart.Version }}
heritage: {{ .Release.Service }}
{{- end -}}

{{- define "standin.scheme" -}}
{{- ternary "https" "http" .Values.tls.enabled -}}
{{- end -}}

{{- define "standin.secret" -}}
{{- default (include "standin.fullname" .) .Values.existingSecret -}}
{{- end -}}

{{- /* "account" as a name, or nothing: the account's name is literal, it does not follow the release. */ -}}
{{- define "standin.account" -}}
{{- if .Values.serviceAccount.create -}}{{- .Values.serviceAccount.name -}}{{- end -}}
{{- end -}}

{{- /* The volumes of one server, as pairs of name and path: one per drive, numbered when there are several. */ -}}
{{- define "standin.drives" -}}
{{- $drives := int .Values.drivesPerNode -}}
{{- range $i := until $drives }}
{{- $suffix := ternary (printf "-%d" $i) "" (and (gt $drives 1) (eq $.Values.mode "distributed")) }}
- { name: export{{ $suffix }}, path: {{ $.Values.mountPath }}{{ $suffix }} }
{{- end -}}
{{- end -}}
