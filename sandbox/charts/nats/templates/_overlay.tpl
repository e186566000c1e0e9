{{- /* Deep merge of maps, lists replaced. Input: list of the base and the overlay. Output: YAML. */ -}}
{{- define "standin.merge" -}}
{{- $result := deepCopy (index . 0) -}}
{{- range $key, $value := index . 1 -}}
{{- $base := get $result $key -}}
{{- if and (kindIs "map" $value) (kindIs "map" $base) -}}
{{- $_ := set $result $key (include "standin.merge" (list $base $value) | fromYaml) -}}
{{- else -}}
{{- $_ := set $result $key $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $result -}}
{{- end -}}

{{- /* The part of JSON patch that charts' users need. Input: list of the object and the operations. Output: YAML. */ -}}
{{- define "standin.patch" -}}
{{- $result := deepCopy (index . 0) -}}
{{- range index . 1 -}}
{{- $operation := . -}}
{{- $path := list -}}
{{- range splitList "/" (trimPrefix "/" .path) -}}{{- $path = append $path (. | replace "~1" "/" | replace "~0" "~") -}}{{- end -}}
{{- $append := eq (last $path) "-" -}}
{{- if $append -}}{{- $path = initial $path -}}{{- end -}}
{{- $node := $result -}}
{{- range initial $path -}}
{{- if kindIs "slice" $node -}}{{- $node = index $node (atoi .) -}}{{- else -}}{{- $node = get $node . -}}{{- end -}}
{{- end -}}
{{- if not (kindIs "map" $node) -}}{{- fail (printf "stand-in chart nats: patch %s %s is not supported here" .op .path) -}}{{- end -}}
{{- if and $append (eq .op "add") -}}
{{- $_ := set $node (last $path) (append (default list (get $node (last $path))) .value) -}}
{{- else if and (not $append) (has .op (list "add" "replace")) -}}
{{- $_ := set $node (last $path) .value -}}
{{- else if and (not $append) (eq .op "remove") -}}
{{- $_ := unset $node (last $path) -}}
{{- else -}}
{{- fail (printf "stand-in chart nats: patch %s %s is not supported here" .op $operation.path) -}}
{{- end -}}
{{- end -}}
{{- toYaml $result -}}
{{- end -}}

{{- /* An object with a values section's merge and patch applied. Input: list of the object's YAML and the section. */ -}}
{{- define "standin.overlay" -}}
{{- $section := index . 1 -}}
{{- $merged := include "standin.merge" (list (index . 0 | fromYaml) (default dict $section.merge)) | fromYaml -}}
{{- include "standin.patch" (list $merged (default list $section.patch)) -}}
{{- end -}}
