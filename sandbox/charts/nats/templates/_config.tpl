{{- /* TLS block of a listener. Input: list of the root and the listener's tls values. */ -}}
{{- define "standin.tls" -}}
{{- $ca := (index . 0).Values.tlsCA -}}
{{- $tls := index . 1 -}}
{{- $block := dict "cert_file" (printf "%s/%s" $tls.dir $tls.cert) "key_file" (printf "%s/%s" $tls.dir $tls.key) -}}
{{- if $ca.enabled -}}{{- $_ := set $block "ca_file" (printf "%s/%s" $ca.dir $ca.key) -}}{{- end -}}
{{- include "standin.overlay" (list (toYaml $block) $tls) -}}
{{- end -}}

{{- /* Route URLs of all servers of the cluster, as a YAML list. */ -}}
{{- define "standin.routes" -}}
{{- $root := . -}}
{{- $cluster := .Values.config.cluster -}}
{{- $full := include "standin.fullname" . -}}
{{- $set := default $full .Values.statefulSet.name -}}
{{- $host := default (printf "%s-headless" $full) .Values.headlessService.name -}}
{{- $urls := $cluster.routeURLs -}}
{{- if $urls.useFQDN -}}{{- $host = printf "%s.%s.svc.%s" $host .Release.Namespace $urls.k8sClusterDomain -}}{{- end -}}
{{- $login := "" -}}
{{- if and $urls.user $urls.password -}}{{- $login = printf "%s:%s@" $urls.user $urls.password -}}{{- end -}}
{{- range $i, $_ := until (int $cluster.replicas) }}
- {{ printf "%s://%s%s-%d.%s:%v" (ternary "tls" "nats" $cluster.tls.enabled) $login $set $i $host $cluster.port }}
{{- end -}}
{{- end -}}

{{- /* The server's configuration as a map. */ -}}
{{- define "standin.config" -}}
{{- $config := .Values.config -}}
{{- range list "mqtt" "gateway" "resolver" -}}
{{- if (get $config .).enabled -}}{{- fail (printf "stand-in chart nats: config.%s is not played here" .) -}}{{- end -}}
{{- end -}}
{{- $result := dict "port" $config.nats.port "pid_file" "/var/run/nats/nats.pid" "lame_duck_grace_period" "10s" "lame_duck_duration" "30s" -}}
{{- $_ := set $result "server_name" "<< $SERVER_NAME >>" -}}
{{- if $config.monitor.enabled -}}
{{- $_ := set $result (ternary "https_port" "http_port" $config.monitor.tls.enabled) $config.monitor.port -}}
{{- end -}}
{{- if $config.profiling.enabled -}}{{- $_ := set $result "prof_port" $config.profiling.port -}}{{- end -}}
{{- if $config.nats.tls.enabled -}}
{{- $_ := set $result "tls" (include "standin.tls" (list . $config.nats.tls) | fromYaml) -}}
{{- end -}}
{{- if $config.cluster.enabled -}}
{{- $cluster := dict "name" (default (include "standin.fullname" .) .Values.statefulSet.name) "port" $config.cluster.port "no_advertise" $config.cluster.noAdvertise "routes" (include "standin.routes" . | fromYamlArray) -}}
{{- $urls := $config.cluster.routeURLs -}}
{{- if and $urls.user $urls.password -}}{{- $_ := set $cluster "authorization" (dict "user" $urls.user "password" $urls.password) -}}{{- end -}}
{{- if $config.cluster.tls.enabled -}}{{- $_ := set $cluster "tls" (include "standin.tls" (list . $config.cluster.tls) | fromYaml) -}}{{- end -}}
{{- $_ := set $result "cluster" (include "standin.overlay" (list (toYaml $cluster) $config.cluster) | fromYaml) -}}
{{- end -}}
{{- if $config.jetstream.enabled -}}
{{- $memory := $config.jetstream.memoryStore -}}
{{- $file := $config.jetstream.fileStore -}}
{{- $jetstream := dict "max_memory_store" (ternary (printf "<< %v >>" $memory.maxSize) 0 $memory.enabled) -}}
{{- if $file.enabled -}}
{{- $_ := set $jetstream "store_dir" $file.dir -}}
{{- $size := default (ternary $file.pvc.size "" $file.pvc.enabled) $file.maxSize -}}
{{- with $size -}}{{- $_ := set $jetstream "max_file_store" (printf "<< %v >>" .) -}}{{- end -}}
{{- else -}}
{{- $_ := set $jetstream "max_file_store" 0 -}}
{{- end -}}
{{- $_ := set $result "jetstream" (include "standin.overlay" (list (toYaml $jetstream) $config.jetstream) | fromYaml) -}}
{{- end -}}
{{- $root := . -}}
{{- range $name, $base := dict "leafnodes" (dict "port" $config.leafnodes.port "no_advertise" true) "websocket" (dict "port" $config.websocket.port) -}}
{{- $listener := get $config $name -}}
{{- if $listener.enabled -}}
{{- if $listener.tls.enabled -}}{{- $_ := set $base "tls" (include "standin.tls" (list $root $listener.tls) | fromYaml) -}}{{- end -}}
{{- $_ := set $result $name (include "standin.overlay" (list (toYaml $base) $listener) | fromYaml) -}}
{{- end -}}
{{- end -}}
{{- include "standin.overlay" (list (toYaml $result) $config) -}}
{{- end -}}

{{- /* The configuration as the server reads it: "<< X >>" stands bare, a key that ends in $include becomes a directive. */ -}}
{{- define "standin.configFile" -}}
{{- $text := include "standin.config" . | fromYaml | toPrettyJson -}}
{{- $text = $text | replace "\\u003c" "<" | replace "\\u003e" ">" | replace "\\u0026" "&" -}}
{{- $text = regexReplaceAll "\"<<\\s+(.*?)\\s+>>\"" $text "${1}" -}}
{{- regexReplaceAll "\"[^\"]*\\$include\": \"([^\"]*)\",?" $text "include ${1};" -}}
{{- end -}}
