{{- /* Probes of the webhook and the cert-controller, which share one notation. Input: the part's values. */ -}}
{{- define "standin.probes" -}}
{{- if .livenessProbe.enabled }}
livenessProbe:
  httpGet: { port: {{ .livenessProbe.port }}, path: /healthz }
  {{- omit .livenessProbe "enabled" "port" | toYaml | nindent 2 }}
{{- end }}
{{- if .readinessProbe.enabled }}
readinessProbe:
  httpGet: { port: ready, path: /readyz }
  {{- omit .readinessProbe "enabled" "port" "address" | toYaml | nindent 2 }}
{{- end }}
{{- if .startupProbe.enabled }}
startupProbe:
  httpGet: { port: ready, path: /readyz }
  {{- omit .startupProbe "enabled" | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Probes of the controller: the whole probe is a value, "address" and "port" are the listener's. */ -}}
{{- define "standin.controllerProbes" -}}
{{- range $name := list "livenessProbe" "readinessProbe" }}
{{- $probe := get $ $name }}
{{- if $probe.enabled }}
{{ $name }}:
  {{- omit $probe.spec "address" "port" | toYaml | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
ServiceAccount, Deployment, budget, metrics Service, network policy of one part.
Input: dict of root, part, container, args, ports, probes, volumeMounts, volumes.
*/ -}}
{{- define "standin.workload" -}}
{{- $root := .root }}
{{- $key := list $root .part }}
{{- $values := include "standin.values" $key | fromYaml }}
{{- $name := include "standin.part" $key }}
{{- $namespace := include "standin.namespace" $root }}
{{- if $values.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "standin.account" $key }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
    {{- with $values.serviceAccount.extraLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
  {{- with $values.deploymentAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  replicas: {{ $values.replicaCount }}
  revisionHistoryLimit: {{ $values.revisionHistoryLimit }}
  {{- with $values.strategy }}
  strategy:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "standin.labels" $key | nindent 8 }}
        {{- with merge dict $values.podLabels $root.Values.global.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with merge dict $values.podAnnotations $root.Values.global.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "standin.account" $key }}
      automountServiceAccountToken: {{ $values.serviceAccount.automount }}
      hostNetwork: {{ $values.hostNetwork }}
      {{- with default $root.Values.global.imagePullSecrets $values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.dnsPolicy }}
      dnsPolicy: {{ . }}
      {{- end }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- $podSecurity := omit $values.podSecurityContext "enabled" }}
      {{- if and $values.podSecurityContext.enabled $podSecurity }}
      securityContext:
        {{- toYaml $podSecurity | nindent 8 }}
      {{- end }}
      {{- with $values.extraInitContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .container }}
          {{- if $values.securityContext.enabled }}
          securityContext:
            {{- omit $values.securityContext "enabled" | toYaml | nindent 12 }}
          {{- end }}
          image: {{ default $values.image.repository $root.Values.global.repository }}:{{ default $root.Chart.AppVersion $values.image.tag }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          args:
            {{- toYaml .args | nindent 12 }}
            {{- range $flag, $value := $values.extraArgs }}
            - --{{ $flag }}{{ with $value }}={{ . }}{{ end }}
            {{- end }}
          ports:
            - { containerPort: {{ $values.metrics.listen.port }}, protocol: TCP, name: metrics }
            {{- with .ports }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- with $values.extraEnv }}
          env:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- .probes | nindent 10 }}
          {{- with $values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with concat .volumeMounts $values.extraVolumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
        {{- with $values.extraContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with concat .volumes $values.extraVolumes }}
      volumes:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- range $field := list "nodeSelector" "affinity" "tolerations" }}
      {{- with default (get $root.Values.global $field) (get $values $field) }}
      {{ $field }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      {{- with default $root.Values.global.topologySpreadConstraints $values.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- range . }}
        - {{ merge (dict) . (dict "labelSelector" (dict "matchLabels" (include "standin.selector" $key | fromYaml))) | toJson }}
        {{- end }}
      {{- end }}
{{- $budget := $values.podDisruptionBudget }}
{{- if $budget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ default (printf "%s-pdb" $name) $budget.nameOverride }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
    {{- if eq .part "webhook" }}
    external-secrets.io/component: webhook
    {{- end }}
spec:
  {{- omit $budget "enabled" "nameOverride" | toYaml | nindent 2 }}
  selector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
{{- end }}
{{- if and $values.metrics.service.enabled (ne .part "webhook") }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}-metrics
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
  {{- with $values.metrics.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: ClusterIP
  ports:
    - { port: {{ $values.metrics.service.port }}, protocol: TCP, targetPort: metrics, name: metrics }
  selector:
    {{- include "standin.selector" $key | nindent 4 }}
{{- end }}
{{- if $values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $name }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- toYaml $values.networkPolicy.ingress | nindent 4 }}
  egress:
    {{- toYaml (default (list dict) $values.networkPolicy.egress) | nindent 4 }}
{{- end }}
{{- $monitor := $root.Values.serviceMonitor }}
{{- $wanted := or (eq $monitor.renderMode "alwaysRender") ($root.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") }}
{{- if and $monitor.enabled (not $wanted) (eq $monitor.renderMode "failIfMissing") }}
{{- fail "serviceMonitor.renderMode is failIfMissing and the cluster does not serve monitoring.coreos.com/v1" }}
{{- end }}
{{- if and $monitor.enabled $wanted }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ $name }}-metrics
  namespace: {{ default $namespace $monitor.namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
    {{- with $monitor.additionalLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  namespaceSelector:
    matchNames: [{{ $namespace }}]
  selector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
      {{- with .part }}
      app.kubernetes.io/metrics: {{ . }}
      {{- end }}
  endpoints:
    - port: metrics
      interval: {{ $monitor.interval }}
      scrapeTimeout: {{ $monitor.scrapeTimeout }}
      honorLabels: {{ $monitor.honorLabels }}
      {{- range $field := list "metricRelabelings" "relabelings" }}
      {{- with get $monitor $field }}
      {{ $field }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
{{- end }}
{{- end -}}
