/** What `kubectl completion zsh` prints: zsh asks `kubectl __complete WORDS` for choices and lets `_describe` show them, as cobra's zsh_completions.go does. */
export const ZSH_SCRIPT = String.raw`#compdef kubectl
compdef _kubectl kubectl

# zsh completion for kubectl

# Asks kubectl for choices. The words are read as when the line is run.
_kubectl()
{
    local out line directive entry current=$words[CURRENT]
    local -a choices how endings
    out=$(eval "$words[1] __complete ${"${"}(j: :)words[2,CURRENT-1]} ${"${"}current:-''}" 2> /dev/null)
    directive=${"${"}out##*:}
    if [[ $out == *:<-> ]]; then
        out=${"${"}out%:*}
    else
        directive=0
    fi
    # 1: an error, 2: no blank behind, 4: no files instead, 8: files with these endings, 16: directories, 32: in this order
    (( directive & 1 )) && return 1
    if (( directive & 8 )); then
        endings=(${"${"}(f)out})
        _files -g "*.(${"${"}(j:|:)endings})"
        return
    fi
    if (( directive & 16 )); then
        _files -/
        return
    fi
    for line in ${"${"}(f)out}; do
        entry=${"${"}${"${"}line%%$'\t'*}//:/\\:}
        [[ $line == *$'\t'* ]] && entry+=":${"${"}line#*$'\t'}"
        choices+=("$entry")
    done
    [[ $current == -*=* ]] && how+=(-P "${"${"}current%%=*}=")
    (( directive & 2 )) && how+=(-S '')
    if (( directive & 32 )); then
        _describe -V choices choices $how && return
    else
        _describe choices choices $how && return
    fi
    (( directive & 4 )) && return 1
    _files
}

# Found in a directory of fpath, this file is the function itself.
if [[ $funcstack[1] == _kubectl ]]; then
    _kubectl
fi
`;
