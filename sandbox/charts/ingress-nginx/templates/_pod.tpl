{{- define "standin.args" -}}
{{- $controller := .Values.controller -}}
{{- $full := include "ingress-nginx.fullname" . -}}
{{- $args := list "/nginx-ingress-controller" -}}
{{- if $controller.publishService.enabled -}}
{{- $args = append $args (printf "--publish-service=%s" (default (printf "$(POD_NAMESPACE)/%s" (include "standin.controller" .)) $controller.publishService.pathOverride)) -}}
{{- end -}}
{{- $args = concat $args (list
      (printf "--election-id=%s" (include "standin.election" .))
      (printf "--controller-class=%s" $controller.ingressClassResource.controllerValue)
      (printf "--ingress-class=%s" $controller.ingressClass)
      (printf "--configmap=$(POD_NAMESPACE)/%s" (include "standin.controller" .))) -}}
{{- range list "tcp" "udp" -}}
{{- if get $.Values . -}}{{- $args = append $args (printf "--%s-services-configmap=$(POD_NAMESPACE)/%s-%s" . $full .) -}}{{- end -}}
{{- end -}}
{{- if $controller.scope.enabled -}}
{{- $args = append $args (printf "--watch-namespace=%s" (default "$(POD_NAMESPACE)" $controller.scope.namespace)) -}}
{{- end -}}
{{- if $controller.admissionWebhooks.enabled -}}
{{- $args = concat $args (list (printf "--validating-webhook=:%v" $controller.admissionWebhooks.port) (printf "--validating-webhook-certificate=%s" $controller.admissionWebhooks.certificate) (printf "--validating-webhook-key=%s" $controller.admissionWebhooks.key)) -}}
{{- end -}}
{{- if not $controller.enableAnnotationValidations -}}{{- $args = append $args "--enable-annotation-validation=false" -}}{{- end -}}
{{- if $controller.ingressClassByName -}}{{- $args = append $args "--ingress-class-by-name=true" -}}{{- end -}}
{{- if $controller.watchIngressWithoutClass -}}{{- $args = append $args "--watch-ingress-without-class=true" -}}{{- end -}}
{{- if $controller.metrics.enabled -}}{{- $args = append $args "--enable-metrics=true" -}}{{- end -}}
{{- if $controller.disableLeaderElection -}}{{- $args = append $args "--disable-leader-election=true" -}}{{- end -}}
{{- range $name, $value := $controller.extraArgs -}}
{{- $args = append $args (ternary (printf "--%s=%v" $name $value) (printf "--%s" $name) (ne (toString $value) "")) -}}
{{- end -}}
{{- toYaml $args -}}
{{- end -}}

{{- /* The container's own context, from the image values, unless a whole one is given. */ -}}
{{- define "standin.security" -}}
{{- $image := .Values.controller.image -}}
{{- $own := dict "runAsNonRoot" $image.runAsNonRoot "runAsUser" $image.runAsUser "runAsGroup" $image.runAsGroup "allowPrivilegeEscalation" $image.allowPrivilegeEscalation "seccompProfile" $image.seccompProfile "readOnlyRootFilesystem" $image.readOnlyRootFilesystem "capabilities" (dict "drop" (list "ALL") "add" (list "NET_BIND_SERVICE")) -}}
{{- toYaml (default $own .Values.controller.containerSecurityContext) -}}
{{- end -}}

{{- define "standin.pod" -}}
{{- $controller := .Values.controller -}}
dnsPolicy: {{ $controller.dnsPolicy }}
{{- if $controller.hostNetwork }}
hostNetwork: true
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $controller.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $controller.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
serviceAccountName: {{ include "standin.account" . }}
automountServiceAccountToken: {{ .Values.serviceAccount.automountServiceAccountToken }}
terminationGracePeriodSeconds: {{ $controller.terminationGracePeriodSeconds }}
{{- with $controller.extraInitContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: {{ $controller.containerName }}
    image: {{ include "standin.image" (list . $controller.image) | quote }}
    imagePullPolicy: {{ $controller.image.pullPolicy }}
    {{- with $controller.lifecycle }}
    lifecycle:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    args:
      {{- include "standin.args" . | nindent 6 }}
    securityContext:
      {{- include "standin.security" . | nindent 6 }}
    env:
      {{- range $name, $field := dict "POD_NAME" "metadata.name" "POD_NAMESPACE" "metadata.namespace" }}
      - name: {{ $name }}
        valueFrom:
          fieldRef: { fieldPath: {{ $field }} }
      {{- end }}
      {{- if $controller.enableMimalloc }}
      - { name: LD_PRELOAD, value: /usr/local/lib/libmimalloc.so }
      {{- end }}
      {{- with $controller.extraEnvs }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- range $probe := list "startupProbe" "livenessProbe" "readinessProbe" }}
    {{- with get $controller $probe }}
    {{ $probe }}:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- end }}
    ports:
      {{- range $name, $port := $controller.containerPort }}
      - { name: {{ $name }}, containerPort: {{ $port }}, protocol: TCP }
      {{- end }}
      {{- if $controller.metrics.enabled }}
      - { name: {{ $controller.metrics.portName }}, containerPort: {{ $controller.metrics.port }}, protocol: TCP }
      {{- end }}
      {{- if $controller.admissionWebhooks.enabled }}
      - { name: webhook, containerPort: {{ $controller.admissionWebhooks.port }}, protocol: TCP }
      {{- end }}
      {{- range include "standin.streams" . | fromYamlArray }}
      - { name: {{ .name }}, containerPort: {{ .port }}, protocol: {{ .protocol }} }
      {{- end }}
    {{- if or $controller.admissionWebhooks.enabled $controller.extraVolumeMounts }}
    volumeMounts:
      {{- if $controller.admissionWebhooks.enabled }}
      - { name: webhook-cert, mountPath: /usr/local/certificates/, readOnly: true }
      {{- end }}
      {{- with $controller.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- end }}
    {{- with $controller.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  {{- with $controller.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- range $field := list "nodeSelector" "affinity" "tolerations" }}
{{- with get $controller $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $controller.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
{{- if or $controller.admissionWebhooks.enabled $controller.extraVolumes }}
volumes:
  {{- if $controller.admissionWebhooks.enabled }}
  - name: webhook-cert
    secret:
      secretName: {{ include "standin.admission" . }}
      {{- if $controller.admissionWebhooks.certManager.enabled }}
      items: [{ key: tls.crt, path: cert }, { key: tls.key, path: key }]
      {{- end }}
  {{- end }}
  {{- with $controller.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}
