{{- /* The common prefix of all names: the release, with the chart's name where the release does not carry it. */ -}}
{{- define "standin.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "standin.namespace" -}}
{{- default .Release.Namespace .Values.namespace -}}
{{- end -}}

{{- /* Name, selector name, component and values of one of the four parts. Input: list of the root and the part. */ -}}
{{- define "standin.part" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $full := include "standin.fullname" $root -}}
{{- if eq $part "controller" -}}
{{- dict "fullname" $full "app" (default $root.Chart.Name $root.Values.nameOverride) "component" $part "container" "cert-manager-controller" | toYaml -}}
{{- else -}}
{{- dict "fullname" (printf "%s-%s" $full $part) "app" $part "component" $part "container" (printf "cert-manager-%s" $part) | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "standin.selector" -}}
{{- $part := include "standin.part" . | fromYaml -}}
app.kubernetes.io/name: {{ $part.app }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ $part.component | quote }}
{{- end -}}

{{- define "standin.labels" -}}
{{- $root := index . 0 -}}
app: {{ (include "standin.part" . | fromYaml).app }}
{{ include "standin.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- with $root.Values.global.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Image reference of one part. Input: list of the root and the image's values. */ -}}
{{- define "standin.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $default := printf "%s/%s/%s" $root.Values.imageRegistry $root.Values.imageNamespace $image.name -}}
{{- $repository := default $default $image.repository -}}
{{- with $image.registry -}}{{- $repository = printf "%s/%s" . $repository -}}{{- end -}}
{{- printf "%s:%s" $repository (default $root.Chart.AppVersion $image.tag) -}}
{{- with $image.digest -}}{{- printf "@%s" . -}}{{- end -}}
{{- end -}}

{{- /* RBAC rules from the one-line notation of data/cluster-roles.yaml. */ -}}
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
