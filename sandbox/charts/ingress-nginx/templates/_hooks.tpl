{{- /* Metadata of an admission hook. Input: dict of root, name, namespace (may be empty) and hook. */ -}}
{{- define "standin.hookMetadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
annotations:
  helm.sh/hook: {{ .hook }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
labels:
  {{- include "standin.labels" (list .root "admission-webhook") | nindent 2 }}
  {{- with .root.Values.controller.admissionWebhooks.patch.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}
