/**
 * What `kubectl completion bash` prints: bash asks `kubectl __complete WORDS` for choices, and shows them with their
 * descriptions. It does as cobra's bash_completionsV2.go does, and needs no package bash-completion.
 */
export const BASH_SCRIPT = String.raw`# bash completion for kubectl

# Puts the words up to the cursor into 'words'. What bash cut at = and : is one word again.
__kubectl_split_line()
{
    local line=${"${"}COMP_LINE:0:COMP_POINT} rest at word previous=
    if [[ $line == "$COMP_LINE" && $line != *[=:]* ]]; then
        words=("${"${"}COMP_WORDS[@]:0:COMP_CWORD+1}")
        return
    fi
    words=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        rest=${"${"}line#"${"${"}line%%[![:blank:]]*}"}
        word=${"${"}COMP_WORDS[at]}
        # Of the word with the cursor, only what stands before it.
        ((at == COMP_CWORD)) && word=$rest
        if ((at > 0)) && [[ $line == "$rest" && ($word == [=:]* || $previous == *[=:]) ]]; then
            words[${"${"}#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        previous=$word
        line=${"${"}rest#"$word"}
    done
}

# Asks kubectl, or what the command is an alias of. The words are read as when the line is run.
__kubectl_ask()
{
    local line="${"${"}words[0]} __complete ${"${"}words[*]:1}"
    [[ -z $cur && $line != *= ]] && line+=" ''"
    out=$(eval "$line" 2> /dev/null)
    directive=${"${"}out##*:}
    if [[ $directive == "$out" || $directive == *[!0-9]* ]]; then
        directive=0
    else
        out=${"${"}out%:*}
    fi
}

# Offers files with the endings that were given, and directories to find them in.
__kubectl_offer_files()
{
    local ending file
    compopt -o filenames
    while IFS= read -r file; do
        COMPREPLY+=("$file")
    done < <(compgen -d -- "$cur"; for ending in $out; do compgen -f -X "!*.$ending" -- "$cur"; done)
}

# Offers the choices. Several are shown with what they mean, cut to the width of the terminal.
__kubectl_offer_choices()
{
    local line choice meaning room longest=0 at tab=$'\t'
    if [[ $out != *"$tab"* ]]; then
        local IFS=$'\n'
        mapfile -t COMPREPLY < <(compgen -W "$out" -- "$cur")
        return
    fi
    while IFS= read -r line; do
        choice=${"${"}line%%"$tab"*}
        [[ -n $choice && $choice == "$cur"* ]] || continue
        COMPREPLY+=("$line")
        ((${"${"}#choice} > longest)) && longest=${"${"}#choice}
    done <<< "$out"
    for at in "${"${"}!COMPREPLY[@]}"; do
        line=${"${"}COMPREPLY[at]}
        choice=${"${"}line%%"$tab"*}
        if [[ $line == *"$tab"* && ${"${"}#COMPREPLY[@]} -gt 1 && $COMP_TYPE != 37 && $COMP_TYPE != 42 ]]; then
            meaning=${"${"}line#*"$tab"}
            room=$((COLUMNS - longest - 4))
            if ((room > 8)); then
                printf -v choice '%-*s' "$longest" "$choice"
            else
                room=$((COLUMNS - ${"${"}#choice} - 4))
            fi
            ((room > 0 && ${"${"}#meaning} > room)) && meaning=${"${"}meaning:0:room-1}…
            ((room > 0)) && choice+="  ($meaning)"
        fi
        COMPREPLY[at]=$choice
    done
}

__start_kubectl()
{
    local words cur out directive mark at
    COMPREPLY=()
    __kubectl_split_line
    cur=${"${"}words[${"${"}#words[@]}-1]}
    __kubectl_ask
    [[ $cur == -*=* ]] && cur=${"${"}cur#*=}
    # 1: an error, 2: no blank behind, 4: no files instead, 8: files with these endings, 16: directories, 32: in this order
    ((directive & 1)) && return
    ((directive & 2)) && compopt -o nospace
    ((directive & 4)) && compopt +o default
    ((directive & 32)) && compopt -o nosort
    if ((directive & 8)); then
        __kubectl_offer_files
    elif ((directive & 16)); then
        compopt -o dirnames
    else
        __kubectl_offer_choices
    fi
    # Of a word that bash cuts, only what stands behind the last cut is replaced.
    [[ $cur == *[=:]* ]] || return 0
    for mark in : =; do
        [[ $cur == *"$mark"* && $COMP_WORDBREAKS == *"$mark"* ]] || continue
        for at in "${"${"}!COMPREPLY[@]}"; do
            COMPREPLY[at]=${"${"}COMPREPLY[at]#"${"${"}cur%"${"${"}cur##*"$mark"}"}"}
        done
    done
}

complete -o default -F __start_kubectl kubectl
`;
