{{- /*
The Deployment, Service, ServiceAccount, budget and network policies that all three parts have in common.
Input: dict of root, part, values, args, ports, probes (text, may be empty), servicePorts.
*/ -}}
{{- define "standin.workload" -}}
{{- $root := .root }}
{{- $key := list $root .part }}
{{- $part := include "standin.part" $key | fromYaml }}
{{- $values := .values }}
{{- $namespace := include "standin.namespace" $root }}
{{- if $values.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
automountServiceAccountToken: {{ $values.serviceAccount.automountServiceAccountToken }}
metadata:
  name: {{ $part.fullname }}
  namespace: {{ $namespace }}
  {{- with $values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
{{- end }}
{{- if $values.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $part.fullname }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
  {{- $budget := omit $values.podDisruptionBudget "enabled" }}
  {{- toYaml (default (dict "minAvailable" 1) $budget) | nindent 2 }}
{{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $part.fullname }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
spec:
  type: ClusterIP
  ports:
    {{- toYaml .servicePorts | nindent 4 }}
  selector:
    {{- include "standin.selector" $key | nindent 4 }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $part.fullname }}
  namespace: {{ $namespace }}
  labels:
    {{- include "standin.labels" $key | nindent 4 }}
spec:
  replicas: {{ $values.replicaCount }}
  selector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
  {{- with $values.strategy }}
  strategy:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  template:
    metadata:
      labels:
        {{- include "standin.labels" $key | nindent 8 }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- $scraped := and $root.Values.prometheus.enabled (not (or $root.Values.prometheus.servicemonitor.enabled $root.Values.prometheus.podmonitor.enabled)) }}
      {{- $scrape := ternary (dict "prometheus.io/path" "/metrics" "prometheus.io/scrape" "true" "prometheus.io/port" "9402") dict $scraped }}
      {{- with merge dict $values.podAnnotations $scrape }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ $part.fullname }}
      enableServiceLinks: {{ $values.enableServiceLinks }}
      {{- with $root.Values.global.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.global.priorityClassName }}
      priorityClassName: {{ . | quote }}
      {{- end }}
      {{- if $values.hostNetwork }}
      hostNetwork: true
      dnsPolicy: ClusterFirstWithHostNet
      {{- end }}
      securityContext:
        {{- toYaml $values.securityContext | nindent 8 }}
      containers:
        - name: {{ $part.container }}
          image: {{ include "standin.image" (list $root $values.image) | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          args:
            {{- toYaml (concat .args $values.extraArgs) | nindent 12 }}
          ports:
            {{- toYaml .ports | nindent 12 }}
          env:
            - name: POD_NAMESPACE
              valueFrom:
                fieldRef: { fieldPath: metadata.namespace }
            {{- with $values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- with .probes }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
          securityContext:
            {{- toYaml $values.containerSecurityContext | nindent 12 }}
          {{- with $values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $values.volumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- with merge dict $values.nodeSelector $root.Values.global.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- range $field := list "affinity" "tolerations" "topologySpreadConstraints" "volumes" }}
      {{- with get $values $field }}
      {{ $field }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
{{- if $values.networkPolicy.enabled }}
{{- range $direction, $type := dict "ingress" "Ingress" "egress" "Egress" }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $part.fullname }}-allow-{{ $direction }}
  namespace: {{ $namespace }}
spec:
  podSelector:
    matchLabels:
      {{- include "standin.selector" $key | nindent 6 }}
  policyTypes: [{{ $type }}]
  {{ $direction }}:
    {{- toYaml (get $values.networkPolicy $direction) | nindent 4 }}
{{- end }}
{{- end }}
{{- end -}}
