{{- define "standin.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{- /* The three parts are "", "webhook" and "cert-controller". Input of all below: list of the root and the part. */ -}}
{{- define "standin.part" -}}
{{- include "standin.fullname" (index . 0) -}}{{- with index . 1 -}}-{{ . }}{{- end -}}
{{- end -}}

{{- define "standin.values" -}}
{{- $values := (index . 0).Values -}}
{{- toYaml (get (dict "" $values "webhook" $values.webhook "cert-controller" $values.certController) (index . 1)) -}}
{{- end -}}

{{- define "standin.account" -}}
{{- $account := (include "standin.values" . | fromYaml).serviceAccount -}}
{{- default (ternary (include "standin.part" .) "default" $account.create) $account.name -}}
{{- end -}}

{{- define "standin.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride }}{{ with index . 1 }}-{{ . }}{{ end }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- end -}}

{{- define "standin.labels" -}}
{{- $root := index . 0 -}}
{{- $values := include "standin.values" . | fromYaml -}}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{ include "standin.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- if and (index . 1) $values.metrics.service.enabled }}
app.kubernetes.io/metrics: {{ index . 1 }}
{{- end }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "standin.rules" -}}
{{- range . }}
{{- $sides := splitn ": " 2 . }}
{{- $target := splitn "/" 2 $sides._0 }}
{{- $grant := splitn " of " 2 $sides._1 }}
- apiGroups: [{{ ternary "" $target._0 (eq $target._0 "core") | quote }}]
  resources: {{ splitList "," $target._1 | toJson }}
  verbs: {{ splitList "," $grant._0 | toJson }}
  {{- with $grant._1 }}
  resourceNames: {{ splitList "," . | toJson }}
  {{- end }}
{{- end }}
{{- end -}}
