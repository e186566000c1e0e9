{{- define "standin.selector" -}}
postgres-operator.crunchydata.com/control-plane: {{ .Chart.Name }}
{{- end -}}

{{- define "standin.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "standin.selector" . }}
{{- end -}}

{{- /* The operator's own settings as environment variables, replaced as a whole by envOverride. */ -}}
{{- define "standin.env" -}}
{{- if .Values.envOverride }}
{{- toYaml .Values.envOverride }}
{{- else -}}
- name: CRUNCHY_DEBUG
  value: {{ ne .Values.debug false | quote }}
{{- range concat (list "PGO_NAMESPACE") (ternary (list "PGO_TARGET_NAMESPACE") (list) .Values.singleNamespace) }}
- name: {{ . }}
  valueFrom:
    fieldRef: { apiVersion: v1, fieldPath: metadata.namespace }
{{- end }}
{{- range $id, $related := .Values.relatedImages }}
- name: RELATED_IMAGE_{{ upper $id }}
  value: {{ $related.image | quote }}
{{- end }}
{{- with .Values.features }}
{{- $gates := list }}
{{- range $gate, $on := . }}{{- $gates = append $gates (printf "%s=%v" $gate $on) }}{{- end }}
- name: PGO_FEATURE_GATES
  value: {{ join "," $gates | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
