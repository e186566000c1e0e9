{{- define "standin.fullname" -}}
{{- default (printf "%s-%s" .Release.Name (default .Chart.Name .Values.nameOverride)) .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.account" -}}
{{- default (include "standin.fullname" .) .Values.reloader.serviceAccount.name -}}
{{- end -}}

{{- define "standin.selector" -}}
app: {{ include "standin.fullname" . }}
release: {{ .Release.Name | quote }}
{{- with .Values.reloader.matchLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "standin.labels" -}}
{{ include "standin.selector" . }}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
chart: {{ .Chart.Name }}-{{ .Chart.Version }}
heritage: {{ .Release.Service | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
{{- end -}}

{{- define "standin.annotations" -}}
meta.helm.sh/release-namespace: {{ .Release.Namespace | quote }}
meta.helm.sh/release-name: {{ .Release.Name | quote }}
{{- end -}}

{{- define "standin.args" -}}
{{- $reloader := .Values.reloader -}}
{{- $args := list -}}
{{- with $reloader.logFormat -}}{{- $args = append $args (printf "--log-format=%s" .) -}}{{- end -}}
{{- with $reloader.logLevel -}}{{- $args = append $args (printf "--log-level=%s" .) -}}{{- end -}}
{{- if $reloader.ignoreSecrets -}}{{- $args = append $args "--resources-to-ignore=secrets" -}}{{- end -}}
{{- if $reloader.ignoreConfigMaps -}}{{- $args = append $args "--resources-to-ignore=configmaps" -}}{{- end -}}
{{- $types := concat (ternary (list "jobs") list $reloader.ignoreJobs) (ternary (list "cronjobs") list $reloader.ignoreCronJobs) -}}
{{- with $types -}}{{- $args = append $args (printf "--ignored-workload-types=%s" (join "," .)) -}}{{- end -}}
{{- range $flag, $value := dict "namespaces-to-ignore" $reloader.ignoreNamespaces "namespace-selector" $reloader.namespaceSelector "resource-label-selector" $reloader.resourceLabelSelector -}}
{{- if $value -}}{{- $args = append $args (printf "--%s=%s" $flag $value) -}}{{- end -}}
{{- end -}}
{{- if ne $reloader.reloadStrategy "default" -}}{{- $args = append $args (printf "--reload-strategy=%s" $reloader.reloadStrategy) -}}{{- end -}}
{{- $switches := dict "reload-on-create" $reloader.reloadOnCreate "reload-on-delete" $reloader.reloadOnDelete "sync-after-restart" $reloader.syncAfterRestart "enable-ha" $reloader.enableHA "auto-reload-all" $reloader.autoReloadAll -}}
{{- range $flag := list "reload-on-create" "reload-on-delete" "sync-after-restart" "enable-ha" "auto-reload-all" -}}
{{- if get $switches $flag -}}{{- $args = append $args (printf "--%s=true" $flag) -}}{{- end -}}
{{- end -}}
{{- toYaml $args -}}
{{- end -}}
